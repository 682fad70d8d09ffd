import type { JSX } from "preact";

const LONGEST = 128;

type Props = Pick<
  JSX.IntrinsicElements["input"],
  "id" | "name" | "value" | "disabled" | "readOnly" | "autofocus" | "onInput"
>;

/** A line for a room's password; the blank in it tells one that is empty from one that is not. */
export function PasswordInput(props: Props) {
  return <input {...props} type="password" autoComplete="off" maxLength={LONGEST} required placeholder=" " />;
}
