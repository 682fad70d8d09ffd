import { words } from "../../i18n/dashboard-words.js";
import { blameText, pathText } from "../data/plain-words.js";
import { measuredOf, type Measured } from "../data/measured.js";
import type { Participant, PersonQuality, RoomQuality } from "../data/types.js";
import { wordFor } from "../data/word-for.js";
import { formats, speech } from "../parts/context.js";
import { Level } from "../parts/level.js";
import { Link } from "../parts/link.js";
import { Pager, Table, usePaged, type Column } from "../parts/table.js";
import { namesOf } from "./names.js";

const ROWS = 25;

interface Person {
  readonly id: string;
  readonly name: string;
  readonly role: string;
  readonly entering: boolean;
  readonly quality: PersonQuality | undefined;
}

export interface PeopleTableProps {
  readonly room: string;
  readonly people: readonly Participant[];
  readonly quality: RoomQuality | undefined;
}

/** Everybody in the room, the worst connection first. */
export function PeopleTable({ room, people, quality }: PeopleTableProps) {
  const { room: t, none } = words.value;
  const f = formats.value;
  const names = namesOf(quality);
  const paged = usePaged(personsOf(people, quality), ROWS);
  const measured = (person: Person, write: (one: Measured) => string) => {
    const one = measuredOf(person.quality);
    return one ? write(one) : none;
  };
  const columns: readonly Column<Person>[] = [
    {
      ...{ name: "name", title: t.name },
      cell: ({ id, name, role, entering }) => (
        <>
          <Link to={{ page: "participant", room, participant: id }} class="name">
            {name}
          </Link>{" "}
          <span class="muted-text">
            {entering ? t.onTheWay : role === "participant" ? "" : (wordFor(words.value.roles, role) ?? role)}
          </span>
        </>
      ),
    },
    { name: "level", title: t.connection, cell: (person) => <Level level={person.quality?.level} /> },
    {
      name: "path",
      title: t.path,
      cell: (person) => measured(person, ({ path }) => pathText({ texts: words.value }, path)),
    },
    {
      ...{ name: "loss", title: t.loss },
      cell: (person) => measured(person, (one) => `${f.percent(one.lossDownPercent)}, ${f.percent(one.lossUpPercent)}`),
    },
    { name: "rtt", title: t.roundTrip, cell: (person) => measured(person, (one) => f.ms(one.roundTripMs)) },
    {
      ...{ name: "rates", title: t.rates },
      cell: (person) => measured(person, (one) => `${f.bits(one.sentBps)}, ${f.bits(one.receivedBps)}`),
    },
    {
      ...{ name: "why", title: t.why },
      cell: (person) =>
        measured(
          person,
          ({ causes }) =>
            causes
              .map((cause) =>
                blameText(
                  speech((id) => names.get(id)),
                  cause,
                ),
              )
              .join("; ") || none,
        ),
    },
  ];
  return (
    <div class="desk-card">
      <h2>{t.people}</h2>
      {paged.all === 0 ? (
        <p class="muted-text">{t.nobody}</p>
      ) : (
        <Table name="people" caption={t.people} columns={columns} rows={paged.rows} keyOf={({ id }) => id} />
      )}
      <Pager paged={paged} name="people" />
    </div>
  );
}

/** Who is measured is inside; the others are on the way in, or have just come. */
function personsOf(people: readonly Participant[], quality: RoomQuality | undefined): readonly Person[] {
  const measured = new Map(quality?.participants.map((one) => [one.participantId, one]));
  const listed = people
    .filter(({ phase }) => phase !== "gone")
    .map(({ participantId, displayName, role, phase }): Person => {
      const own = measured.get(participantId);
      measured.delete(participantId);
      return { id: participantId, name: displayName, role, entering: phase === "entering" && !own, quality: own };
    });
  const rest = [...measured.values()].map((own): Person => ({
    id: own.participantId,
    name: own.displayName,
    role: own.role,
    entering: false,
    quality: own,
  }));
  const levelOf = ({ quality: own }: Person) => own?.level ?? 6;
  return [...listed, ...rest].sort(
    (one, other) => levelOf(one) - levelOf(other) || one.name.localeCompare(other.name) || (one.id < other.id ? -1 : 1),
  );
}
