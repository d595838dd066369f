import type { ChatEntry } from '../../peer/chat-box.ts'
import type { ExpertSessionState } from '../../protocol/expert-session.ts'
import type { Holder, Level } from '../../protocol/level.ts'
import type { PictureState } from '../../protocol/messages/control-channel.ts'

export type { ChatEntry }

/** What the expert's page shows. The session logic makes it; components only draw it. */
export type ExpertView = Exclude<ExpertSessionState, { phase: 'watching' }> | Watching

export interface Watching {
  readonly phase: 'watching'
  readonly level: Level | null
  readonly holder: Holder
  /** The level the customer is being asked for now; remote input is dropped meanwhile [C3]. */
  readonly question: Level | null
  readonly recorder: string
  readonly picture: Pick<PictureState, 'state' | 'reason'>
  /** `lost` while the customer's line is down; the picture stands still and the session goes on by itself. */
  readonly line: 'up' | 'lost'
  readonly sinceMs: number
}

/** Takes whole frames of the `picture` channel and pointer messages, in order, and draws them. */
export interface PictureSink {
  /** Resolves once the frame is on the canvas; the session then tells the agent so. */
  picture(frame: Uint8Array): Promise<void>
  pointer(x: number, y: number): void
  /** The picture belongs to a new link: forget what is half drawn. */
  reset(): void
}

/** One expert's session, from "new session" to its end; the page holds exactly one. */
export interface ExpertSession {
  readonly view: ExpertView
  readonly chat: readonly ChatEntry[]
  /** Called after every change of `view` or `chat`; returns its own undo. */
  onChange(listener: () => void): () => void
  /** From idle, waiting or ended: asks for a session and shows a fresh number. */
  newSession(): void
  /** Ends the session, or gives up the number that waits. */
  end(): void
  /** Returns false where nothing was sent (empty, too long, no customer yet). */
  sendChat(text: string): boolean
  drawOn(sink: PictureSink): void
  close(): void
}
