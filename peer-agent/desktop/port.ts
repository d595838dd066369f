/**
 * What the agent needs from the customer's desktop. One implementation per system (`x11/`, later `windows/`,
 * `macos/`) and a `fake/` for unit tests. All coordinates are device pixels in one space whose origin is the
 * top left corner of the bounding box of all monitors; every implementation shifts its own space to this one.
 */

export interface Rect {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface Monitor extends Rect {
  /** Stays the same while the monitor stays plugged in; unique within the layout. */
  readonly id: string
  readonly primary: boolean
}

/** Bounding box of all monitors and the monitors in it; there is always at least one. */
export interface Layout {
  readonly width: number
  readonly height: number
  readonly monitors: readonly Monitor[]
}

/** The cursor's looks. `rgba` is straight (not premultiplied), 4 bytes a pixel, rows without padding. */
export interface CursorShape {
  readonly id: number
  readonly width: number
  readonly height: number
  readonly hotX: number
  readonly hotY: number
  readonly rgba: Uint8Array
}

export interface CursorPosition {
  readonly x: number
  readonly y: number
}

/** What changed since the last `take()`. Rectangles are clipped to the layout, merged sensibly, never empty. */
export interface ScreenChange {
  /** Set when monitors or size changed: everything is to be read anew and `rects` covers the whole layout. */
  readonly layout?: Layout
  readonly rects: readonly Rect[]
}

/** The cursor is no part of the picture: it travels beside it, whether or not the picture may flow. */
export interface CursorEvents {
  looks(shape: CursorShape): void
  /** Coalesced to what a screen can show. May lie outside the layout where monitors leave gaps. */
  place(position: CursorPosition): void
}

/**
 * Reads pixels. Lives in the picture worker, never on the agent's main thread, and is opened only after the
 * customer granted *view* [C1]. Nothing is read but what `read()` names. Every method rejects once the screen is
 * lost, with the reason in a sentence; `changed()` and `read()` under way when it is closed reject as well.
 */
export interface ScreenReader {
  layout(): Layout
  /** Resolves once something changed since the last `take()`; costs nothing while nothing changes. */
  changed(): Promise<void>
  /** Hands over what changed and marks it clean, before it is read: a change during `read()` is reported again. */
  take(): Promise<ScreenChange>
  /**
   * Reads `rect` as BGRX (4 bytes a pixel, X undefined) into the start of `pixels`, rows without padding. Resolves to
   * false when the rectangle is no longer all on the screen: the next `take()` then brings a new layout.
   */
  read(rect: Rect, pixels: Uint8Array): Promise<boolean>
  /** Begins to tell about the cursor: both looks and place at once, then whenever they change. Call once. */
  watchCursor(events: CursorEvents): Promise<void>
  close(): Promise<void>
}

/** What a module that offers a ScreenReader exports, so that the picture worker can open it by name. */
export interface ScreenReaderModule {
  openScreenReader(options: { readonly display?: string | undefined }): Promise<ScreenReader>
}

/** What stands on the mark. Plain text, already in the customer's language. */
export interface WatermarkContent {
  /** Who looks, e.g. "Anna Beispiel · Technik Nord". */
  readonly who: string
  /** At which level, e.g. "sieht Ihren Bildschirm". */
  readonly what: string
  /** True while the expert holds mouse and keyboard. */
  readonly expertHolds: boolean
}

export interface Watermark {
  /** Resolves once the new content is on the screen. */
  update(content: WatermarkContent): Promise<void>
  /** Called at most once, when the mark can no longer be guaranteed on every monitor [W2]. */
  onLost(listener: (reason: string) => void): void
  close(): Promise<void>
}

/** What the customer's hands did: moved or scrolled, pressed or released a key or button. */
export type HandsInput = 'move' | 'press' | 'release'

/** The customer's own mouse and keyboard, told apart from injected input wherever the system can [C4, K2]. */
export interface LocalHands {
  /** False where the system cannot tell the customer's input from injected input. */
  readonly tellsInjectedApart: boolean
  /** When the customer last pressed or released a key or button, in `performance.now()` ms; -Infinity if never. */
  lastPressAtMs(): number
  /** Keys and buttons the customer holds down now; of a device that was unplugged, none. */
  heldCount(): number
  /** Called for each input, the wheel's included, as soon as the system tells of it. */
  onInput(listener: (input: HandsInput) => void): void
  /** The one key that ends the session, whatever window has the focus, without the network [C5]. */
  onStopKey(listener: () => void): void
  close(): Promise<void>
}

/**
 * The expert's pointer as a picture on the customer's screen: an arrow with a ring and a short label. It takes no
 * click, and stays for some seconds after it was last shown.
 */
export interface ShowPointer {
  /** The tip is at this place, in the layout's space. */
  show(x: number, y: number): void
  hide(): void
  close(): Promise<void>
}

/** The customer's clipboard, text alone. Both reject with a sentence where the system does not let us. */
export interface Clipboard {
  write(text: string): Promise<void>
  /** Null where there is no text on it; rejects with a RangeError where it is longer than `maxLength` UTF-16 units. */
  read(maxLength: number): Promise<string | null>
  close(): Promise<void>
}

/** One customer's desktop as the agent's main thread sees it. Capture is not here: see `ScreenReader`. */
export interface Desktop {
  readonly kind: 'x11' | 'windows' | 'macos' | 'fake'
  /** Name of the stop key as printed on a keyboard, e.g. "F11". */
  readonly stopKeyName: string
  layout(): Layout
  /** Resolves once the mark stands on every monitor [W1]; rejects if it cannot be shown [W2]. */
  showWatermark(content: WatermarkContent): Promise<Watermark>
  watchLocalHands(): Promise<LocalHands>
  /** @param label plain text in the customer's language, e.g. "Anna Beispiel zeigt hierhin" */
  openShowPointer(label: string): Promise<ShowPointer>
  openClipboard(): Promise<Clipboard>
  close(): Promise<void>
}
