/** For attributes that are there or not, such as `data-own`. */
export function flag(on: boolean): "" | undefined {
  return on ? "" : undefined;
}
