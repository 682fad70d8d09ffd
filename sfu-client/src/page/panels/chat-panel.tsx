import { useLayoutEffect, useRef } from "preact/hooks";
import type { ChatMessage } from "../../sdk/index.js";
import type { Call } from "../call/call.js";
import { flag } from "../design/flag.js";
import { Icon } from "../design/icon.js";
import { language, texts } from "../i18n/language.js";
import { Panel } from "./panel.js";

/** As near to the end as this, one reads along, and the list follows. */
const AT_THE_END_PX = 60;
const LENGTH = 2000;

/** The room's chat: the messages so far, and a line to write in. */
export function ChatPanel({ call }: { call: Call }) {
  const { room, messages } = call.view;
  const t = texts.value.chat;
  const input = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  // At once: what is typed next is a message, and no key of the call.
  useLayoutEffect(() => input.current?.focus(), []);
  useLayoutEffect(() => {
    const { current } = list;
    if (current && (follows.current || messages.value.at(-1)?.own === true)) current.scrollTop = current.scrollHeight;
  }, [messages.value]);
  const scrolled = ({ currentTarget: { scrollHeight, scrollTop, clientHeight } }: { currentTarget: HTMLElement }) => {
    follows.current = scrollHeight - scrollTop - clientHeight < AT_THE_END_PX;
  };
  const send = (event: Event) => {
    event.preventDefault();
    const text = input.current?.value.trim() ?? "";
    if (text === "" || !input.current) return;
    input.current.value = "";
    void call.notices.attempt(async () => {
      try {
        await room.chat.send(text);
      } catch (thrown) {
        // The visit is over, and the message with it.
        if (room.state !== "left") throw thrown;
      }
    });
  };
  return (
    <Panel call={call} name="chat" title={t.title}>
      {messages.value.length === 0 && <p class="muted-text hint">{t.empty}</p>}
      {/* Scrolls: by the keyboard, too. */}
      <div ref={list} class="messages-frame" role="log" aria-label={t.title} tabIndex={0} onScroll={scrolled}>
        <ol class="messages">
          {messages.value.map((message) => (
            <Message key={message.key} message={message} />
          ))}
        </ol>
      </div>
      <form class="chat-form" onSubmit={send} hidden={!call.view.may("chat")}>
        <input
          ref={input}
          type="text"
          name="text"
          autoComplete="off"
          maxLength={LENGTH}
          placeholder={t.placeholder}
          aria-label={t.placeholder}
        />
        <button class="send" type="submit" data-action="chat-send" aria-label={t.send} title={t.send}>
          <Icon name="send" />
        </button>
      </form>
    </Panel>
  );
}

function Message({ message: { from, text, atMs, own, to, state } }: { message: ChatMessage }) {
  const t = texts.value.chat;
  const time = new Date(atMs).toLocaleTimeString(language.value, { hour: "2-digit", minute: "2-digit" });
  const about = [
    own ? t.you : from.displayName,
    ...(to === undefined ? [] : [own ? t.toOne : t.toYou]),
    { sending: t.sending, failed: t.failed, sent: time }[state],
  ];
  return (
    <li class="message" data-state={state} data-own={flag(own)}>
      <span class="about">{about.join(" · ")}</span>
      <p>{text}</p>
    </li>
  );
}
