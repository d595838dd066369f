import type { AccountRole } from '../protocol/account-role.ts'
import {
  customerToServer,
  expertToServer,
  recorderToServer,
  type ServerToCustomer,
  type ServerToExpert,
  type ServerToRecorder,
  serverToCustomer,
  serverToExpert,
  serverToRecorder,
} from '../protocol/messages/signaling.ts'
import { REFUSALS, type Refusal } from '../protocol/refusals.ts'
import type { Room } from './session/room.ts'
import type { Wire } from './sockets/wire.ts'

/** The session of a socket. One socket has one session at a time, and may take another when it is over. */
export type Bond =
  | { readonly to: 'unbound' }
  | { readonly to: 'over' }
  /** Customer: it ended while this socket was in it. */
  | { readonly to: 'ended'; readonly room: Room; readonly atMs: number }
  | { readonly to: 'room'; readonly room: Room }

export interface AccountLogin {
  readonly tokenHash: string
  readonly expertId: string
  readonly name: string
  readonly team: string
  readonly role: AccountRole
}

export interface ExpertConnection {
  readonly role: 'expert'
  readonly wire: Wire
  readonly login: AccountLogin
  bond: Bond
}

export interface CustomerConnection {
  readonly role: 'customer'
  readonly wire: Wire
  /** For the limit on guessing [N4]. */
  readonly addressBlock: string
  bond: Bond
}

export interface RecorderConnection {
  readonly role: 'recorder'
  readonly wire: Wire
  /** Its public key once it has said that it is ready. */
  key: string | null
  /** Sessions of which it may have an open recording. */
  readonly sessions: Set<string>
}

export type Connection = ExpertConnection | CustomerConnection | RecorderConnection

/** How each role's messages are read and written. */
export const CODECS = {
  expert: { incoming: expertToServer, outgoing: serverToExpert },
  customer: { incoming: customerToServer, outgoing: serverToCustomer },
  recorder: { incoming: recorderToServer, outgoing: serverToRecorder },
} as const

export function tellExpert({ wire }: ExpertConnection, message: ServerToExpert): void {
  wire.send(serverToExpert.encode(message))
}

export function tellCustomer({ wire }: CustomerConnection, message: ServerToCustomer): void {
  wire.send(serverToCustomer.encode(message))
}

export function tellRecorder({ wire }: RecorderConnection, message: ServerToRecorder): void {
  wire.send(serverToRecorder.encode(message))
}

/** Tells the code, and closes where the catalogue says so. */
export function refuse({ role, wire }: Pick<Connection, 'role' | 'wire'>, refusal: Refusal): void {
  wire.send(CODECS[role].outgoing.encode(refusal.toMessage()))
  const { closes } = REFUSALS[refusal.code]
  if (closes !== null) wire.close(closes)
}
