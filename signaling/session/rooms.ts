import { Refusal } from '../../protocol/refusals.ts'
import type { Clock } from '../clock.ts'
import {
  type CustomerConnection,
  type ExpertConnection,
  refuse,
  tellCustomer,
  tellExpert,
} from '../connection.ts'
import { type News, nextDeadlineMs, type Session, type SessionEvent, transition } from './life.ts'
import type { Room } from './room.ts'
import { stepLine } from './step-line.ts'

type Ended = Extract<Session, { phase: 'ended' }>

export interface RoomsOptions {
  readonly clock: Clock
  readonly graceMs: number
  /** For the log of life cycles. */
  onStep(room: Room, what: string, detail: Record<string, unknown>): void
  /** The room is gone from here; its ends have been told. */
  onEnded(room: Room, ended: Ended): void
  /** A mistake of ours came to light while a timer ran. */
  onFault(error: unknown): void
}

/** All live sessions. The only place where one changes: by `transition`, then its news go out and its timer is set. */
export class Rooms {
  readonly #rooms = new Map<string, Room>()
  readonly #options: RoomsOptions

  constructor(options: RoomsOptions) {
    this.#options = options
  }

  get(id: string): Room | undefined {
    return this.#rooms.get(id)
  }

  all(): Room[] {
    return [...this.#rooms.values()]
  }

  add(room: Room): void {
    this.#rooms.set(room.id, room)
    this.#setTimer(room)
    this.#options.onStep(room, `session ${room.session.phase}`, {})
  }

  /** @throws Refusal where the event may not happen now; then nothing has changed */
  apply(room: Room, event: SessionEvent): void {
    const step = transition(room.session, event, { sessionId: room.id, graceMs: this.#options.graceMs })
    if (typeof step === 'string') throw new Refusal(step)
    const before = room.session
    room.session = step.session
    if (step.session === before) {
      // A timer may fire a little before its time.
      if (event.type === 'time') this.#setTimer(room)
      return
    }
    const line = stepLine(step.session, event)
    if (line) this.#options.onStep(room, line.what, line.detail)
    for (const news of step.news) deliver(room, news)
    if (step.session.phase === 'ended') this.#conclude(room, step.session)
    else this.#setTimer(room)
  }

  /** Puts the socket into the room. One that was there for the same end is the older one and goes. */
  attach(room: Room, connection: ExpertConnection | CustomerConnection): void {
    const older = room[connection.role]
    if (older && older !== connection) {
      older.bond = { to: 'over' }
      // So that it does not come back and take the place in its turn.
      refuse(older, new Refusal('session-over'))
      older.wire.close(CLOSED_AS_REPLACED)
    }
    if (connection.role === 'expert') room.expert = connection
    else room.customer = connection
    connection.bond = { to: 'room', room }
  }

  /** The socket is gone; the session goes on for as long as it may be away. */
  detach(connection: ExpertConnection | CustomerConnection): void {
    const { bond, role } = connection
    if (bond.to !== 'room' || bond.room[role] !== connection) return
    bond.room[role] = null
    connection.bond = { to: 'over' }
    this.apply(bond.room, { type: 'lost', role, atMs: this.#options.clock.nowMs() })
  }

  /** Stops all timers; every session stays as it is, for the next start. */
  close(): void {
    for (const room of this.#rooms.values()) room.stopTimer()
    this.#rooms.clear()
  }

  #conclude(room: Room, ended: Ended): void {
    room.stopTimer()
    this.#rooms.delete(room.id)
    if (room.expert) room.expert.bond = { to: 'over' }
    if (room.customer) room.customer.bond = { to: 'ended', room, atMs: this.#options.clock.nowMs() }
    room.expert = null
    room.customer = null
    this.#options.onEnded(room, ended)
  }

  #setTimer(room: Room): void {
    const { clock, graceMs } = this.#options
    room.stopTimer()
    const deadlineMs = nextDeadlineMs(room.session, graceMs)
    if (deadlineMs === null) return
    room.stopTimer = clock.after(Math.max(0, deadlineMs - clock.nowMs()), () => {
      try {
        this.apply(room, { type: 'time', nowMs: clock.nowMs() })
      } catch (error) {
        this.#options.onFault(error)
      }
    })
  }
}

/** Another socket proved to be the same end. Outside the catalogue: nothing was refused. */
export const CLOSED_AS_REPLACED = 4409

function deliver(room: Room, news: News): void {
  if (news.to === 'expert') {
    if (room.expert) tellExpert(room.expert, news.message)
  } else if (room.customer) tellCustomer(room.customer, news.message)
}
