import type { ChatEntry } from '../../peer/chat-box.ts'
import type { ExpertSessionState } from '../../protocol/expert-session.ts'
import type { KeyCode } from '../../protocol/key-codes.ts'
import type { Level } from '../../protocol/level.ts'
import type { ClipboardRefusal } from '../../protocol/messages/clipboard.ts'
import type {
  LineQuality,
  PicturePreference,
  PictureState,
  SharingState,
} from '../../protocol/messages/control-channel.ts'
import type { PointerButton } from '../../protocol/messages/input.ts'

export type { ChatEntry }

/** What the expert's page shows. The session logic makes it; components only draw it. */
export type ExpertView = Exclude<ExpertSessionState, { phase: 'watching' }> | Watching

/** Level, holder, question and what else the agent tells of consent: see `SharingState`. */
export interface Watching extends Omit<SharingState, 't'> {
  readonly phase: 'watching'
  readonly picture: Pick<PictureState, 'state' | 'reason'>
  /** `lost` while the customer's line is down; the picture stands still and the session goes on by itself. */
  readonly line: 'up' | 'lost'
  /** What the agent's measures say of the line; `good` until it says otherwise. */
  readonly lineQuality: LineQuality
  readonly sinceMs: number
}

/** What the agent tells of a moment, not of a state; each is shown for a while. */
export type Notice =
  /** Input was aimed at the customer's own Lotse window, which takes none. */
  | { readonly t: 'shielded' }
  | { readonly t: 'clipboard-put' }
  | { readonly t: 'clipboard-given'; readonly text: string }
  | { readonly t: 'clipboard-refused'; readonly reason: ClipboardRefusal }

/**
 * The expert's hands at the customer's screen. Places are whole pixels of the customer's screen. Everything is sent as
 * it is said; the agent's gate decides what of it reaches the system [K1].
 */
export interface RemoteHands {
  /** Coalesced by the caller to what a screen shows; may be lost. */
  at(x: number, y: number): void
  button(button: PointerButton, isDown: boolean, x: number, y: number): void
  /** In 1/120 of a notch, right and down. */
  wheel(dx: number, dy: number, x: number, y: number): void
  /** Any length; it is cut into messages. */
  text(text: string): void
  /** @param character what the expert's keyboard has on this key, in lower case; for shortcuts */
  key(code: KeyCode, isDown: boolean, character?: string): void
  /** To be called about every 200 ms while any key or button is down. */
  holding(): void
  letGo(): void
  /** Points the customer to a place; never injected. */
  show(x: number, y: number): void
  putClipboard(text: string): void
  wantClipboard(): void
}

/** Takes whole frames of the `picture` channel, pointer messages and the film's track, and draws them. */
export interface PictureSink {
  /**
   * Resolves once the frame is on the canvas, with the update's number, which the session then tells the agent; null
   * for what is no update. Rejects with a `Refusal` where the frame is not what the schema and its bounds allow.
   */
  picture(frame: Uint8Array): Promise<number | null>
  pointer(x: number, y: number): void
  /** The picture belongs to a new link: forget what is half drawn. */
  reset(): void
  /** The track whose frames are drawn while an update says that a film runs; null where there is none. */
  film(track: MediaStreamTrack | null): void
  /** Called when the first frame of a film is on the canvas; returns its own undo. */
  onFilmShown(listener: (id: number) => void): () => void
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
  /** What comes first where the line can't carry both; the agent is told now and on every new link. */
  prefer(picture: PicturePreference): void
  /** Asks the customer for a level. */
  ask(level: Level): void
  /** Gives a level back that is needed no longer. */
  giveBack(level: 'control' | 'admin'): void
  readonly hands: RemoteHands
  /** Called for each notice; returns its own undo. */
  onNotice(listener: (notice: Notice) => void): () => void
  close(): void
}
