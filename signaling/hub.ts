import type { FastifyBaseLogger } from 'fastify'
import { type ExpertCard, SIGNING_CONTEXT, type SignedDocument } from '../protocol/identity.ts'
import type { Countersignature } from '../protocol/messages/receipt.ts'
import type { IceServer } from '../protocol/messages/signaling.ts'
import { Refusal } from '../protocol/refusals.ts'
import { findDisabled } from '../store/experts.ts'
import { lastRecorderOf } from '../store/recorder-leases.ts'
import { endSession, listLiveSessions } from '../store/sessions.ts'
import { StorageFailure, type Store } from '../store/store.ts'
import type { AuditLog } from './audit/audit-log.ts'
import { OwedLines } from './audit/owed-lines.ts'
import { RefusedLogins } from './audit/refused-logins.ts'
import type { Clock } from './clock.ts'
import { type Connection, type ExpertConnection, refuse, tellRecorder } from './connection.ts'
import { dispatch } from './dispatch.ts'
import { EndsToWrite } from './ends-to-write.ts'
import { InTurn } from './in-turn.ts'
import { GuessLimit } from './limits/guess-limit.ts'
import type { Limits } from './limits/limits.ts'
import type { PolicyFile } from './policy-file.ts'
import { allowedRecorderKeys, assignMissing } from './recorder-assignment.ts'
import { Recorders } from './recorders.ts'
import { tellHolds } from './requests/hold-orders.ts'
import { RecordingRequests } from './requests/recording-requests.ts'
import { VaultReads } from './requests/vault-reads.ts'
import { restoredSession, roomOf } from './session/room.ts'
import { Rooms } from './session/rooms.ts'

export interface HubOptions {
  readonly store: Store
  readonly audit: AuditLog
  readonly clock: Clock
  readonly log: FastifyBaseLogger
  readonly limits: Limits
  readonly policy: PolicyFile
  readonly iceServers: IceServer[]
  readonly graceMs: number
  readonly pingEveryMs: number
  /** Signs with the card key. */
  sign(context: string, document: string): SignedDocument
}

/** Where sockets, sessions and recorders meet. What each message does is in `messages/`. */
export class Hub {
  readonly store: Store
  readonly audit: AuditLog
  readonly clock: Clock
  readonly log: FastifyBaseLogger
  readonly policy: PolicyFile
  readonly iceServers: IceServer[]
  readonly rooms: Rooms
  readonly recorders = new Recorders()
  /** Attempts to join that meet no waiting number [N4]. */
  readonly misses: GuessLimit<'block' | 'service'>
  /** Attempts with one nameplate: after the first, the others need only look. */
  readonly burns = new InTurn()
  readonly refusedLogins: RefusedLogins
  /** Lines of the audit log about what can't be refused any more. */
  readonly owedLines: OwedLines
  readonly requests: RecordingRequests
  readonly vaultReads: VaultReads
  readonly #options: HubOptions
  readonly #connections = new Set<Connection>()
  readonly #ends: EndsToWrite
  /** What nobody waits for but the end of the service. */
  readonly #background = new Set<Promise<void>>()
  #stopBeating: () => void = () => undefined
  #isClosing = false
  #isAskingForDisabled = false

  constructor(options: HubOptions) {
    const { store, audit, clock, log, policy, iceServers, limits, graceMs } = options
    this.#options = options
    this.store = store
    this.audit = audit
    this.clock = clock
    this.log = log
    this.policy = policy
    this.iceServers = iceServers
    this.misses = new GuessLimit({ block: limits.missesPerBlock, service: limits.missesInAll }, clock)
    const onFailure = (error: unknown) => void this.#refusalFor(error)
    this.refusedLogins = new RefusedLogins({ clock, append: (event) => audit.append(event), onFailure })
    this.owedLines = new OwedLines((event) => audit.append(event), onFailure)
    this.requests = new RecordingRequests({ store, audit, clock })
    this.vaultReads = new VaultReads(clock)
    this.#ends = new EndsToWrite((end) => endSession(store, end), onFailure)
    this.rooms = new Rooms({
      clock,
      graceMs,
      onStep: (room, what, detail) => log.info({ session: room.id, ...detail }, what),
      onEnded: (room, { reason, by }) => {
        const end = { sessionId: room.id, reason, by }
        const nowMs = clock.nowMs()
        const line = audit.line({ t: 'session-ended', ...end, endedAtMs: nowMs })
        this.#ends.write({ ...end, nowMs, line })
        for (const recorder of this.recorders.all())
          if (recorder.sessions.has(room.id))
            tellRecorder(recorder, { t: 'session.ended', sessionId: room.id, reason, by })
      },
      onFault: onFailure,
    })
  }

  /** Goes on with every session that a restart interrupted [S4]. */
  async start(): Promise<void> {
    // A full disk must not keep the running sessions from coming back.
    await this.owedLines.add({ t: 'service-started' })
    for (const row of await listLiveSessions(this.store)) {
      const room = roomOf(row, restoredSession(row, this.clock.nowMs()))
      room.lastRecorder = await lastRecorderOf(this.store, row.id)
      this.rooms.add(room)
    }
    this.#stopBeating = this.clock.every(this.#options.pingEveryMs, () => this.#beat())
  }

  /** Why no session can start now, or null where one can. */
  async unreadiness(): Promise<Refusal | null> {
    try {
      await this.policy.current()
    } catch (error) {
      if (error instanceof Refusal) return error
      throw error
    }
    const recorder = this.recorders.pick(await allowedRecorderKeys(this), null)
    return recorder === null ? new Refusal('no-recorder') : null
  }

  signCard(card: ExpertCard): SignedDocument {
    return this.#options.sign(SIGNING_CONTEXT.card, JSON.stringify(card))
  }

  countersign(countersignature: Countersignature): SignedDocument {
    return this.#options.sign(SIGNING_CONTEXT.countersignature, JSON.stringify(countersignature))
  }

  connected(connection: Connection): void {
    this.#connections.add(connection)
  }

  /** Never rejects: whatever goes wrong is between us and this one socket. */
  async receive(connection: Connection, data: Buffer, isBinary: boolean): Promise<void> {
    try {
      if (isBinary) throw new Refusal('malformed')
      await dispatch(this, connection, data)
    } catch (error) {
      refuse(connection, this.#refusalFor(error))
    }
  }

  disconnected(connection: Connection): void {
    this.#connections.delete(connection)
    if (this.#isClosing) return
    try {
      if (connection.role !== 'recorder') this.rooms.detach(connection)
      else if (this.recorders.remove(connection)) this.#recorderLost(connection.key)
    } catch (error) {
      this.#refusalFor(error)
    }
  }

  /** The log-in is over: so is every socket that was opened with it. */
  loggedOut(tokenHash: string): void {
    this.#dismiss(({ login }) => login.tokenHash === tokenHash)
  }

  /** Gives every running session without a recorder one, in the background. */
  assignRecorders(): void {
    this.#inBackground(assignMissing)
  }

  /** Lets go of all sockets and ends no session: they find each other again after the restart [S4]. */
  async close(): Promise<void> {
    this.#isClosing = true
    this.#stopBeating()
    const wires = [...this.#connections].map(({ wire }) => wire)
    for (const wire of wires) wire.close(CLOSED_FOR_RESTART)
    await Promise.all(wires.map((wire) => wire.idle()))
    this.rooms.close()
    await Promise.all(this.#background)
    await this.#ends.settled()
    await this.refusedLogins.close()
    await this.owedLines.retry()
  }

  #beat(): void {
    for (const { wire } of this.#connections) wire.beat()
    this.#ends.retry()
    void this.owedLines.retry()
    this.assignRecorders()
    this.#inBackground(() => this.#dismissDisabled())
    this.#inBackground(() => this.requests.sweep())
    this.#inBackground(tellHolds)
  }

  /** Another process, the operator's, may have disabled an expert who is connected. */
  async #dismissDisabled(): Promise<void> {
    const ids = [...this.#connections].flatMap((one) => (one.role === 'expert' ? [one.login.expertId] : []))
    // A database that is slower than the heartbeat must not find a queue of the same question.
    if (ids.length === 0 || this.#isAskingForDisabled) return
    this.#isAskingForDisabled = true
    try {
      const disabled = await findDisabled(this.store, [...new Set(ids)])
      this.#dismiss(({ login }) => disabled.includes(login.expertId))
    } finally {
      this.#isAskingForDisabled = false
    }
  }

  #dismiss(isMeant: (expert: ExpertConnection) => boolean): void {
    for (const connection of [...this.#connections])
      if (connection.role === 'expert' && isMeant(connection))
        refuse(connection, new Refusal('not-logged-in'))
  }

  #recorderLost(key: string | null): void {
    for (const room of this.rooms.all())
      if (room.session.phase === 'paired' && room.session.recorder?.key === key)
        this.rooms.apply(room, { type: 'recorder', lease: null })
    this.log.info('recorder disconnected')
    this.assignRecorders()
  }

  #inBackground(work: (hub: Hub) => Promise<void>): void {
    if (this.#isClosing) return
    const running = work(this)
      .catch((error) => void this.#refusalFor(error))
      .finally(() => this.#background.delete(running))
    this.#background.add(running)
  }

  /** What the outside may know of an error; the log gets the rest. */
  #refusalFor(error: unknown): Refusal {
    if (error instanceof Refusal) return error
    if (error instanceof StorageFailure) {
      this.log.warn({ code: error.code }, 'the database failed')
      return new Refusal('storage-failed')
    }
    this.log.error({ err: error }, 'a fault in the service')
    return new Refusal('internal')
  }
}

/** RFC 6455, 7.4.1: going away. Clients come back by themselves. */
const CLOSED_FOR_RESTART = 1001
