/** The part of the untyped package `x11` 4.2 that Lotse uses. Layouts: node_modules/x11/lib. */
declare module 'x11' {
  import type { Socket } from 'node:net'

  /** Node style; a truthy return value tells the package that an error was dealt with. */
  export type Answer<T> = (error: XError | null | undefined, value: T) => boolean

  export interface XError extends Error {
    /** X error code; absent when the connection itself failed. */
    readonly error?: number
    readonly majorOpcode?: number
    readonly minorOpcode?: number
  }

  export interface XScreen {
    readonly root: number
    readonly root_depth: number
    readonly pixel_width: number
    readonly pixel_height: number
  }

  export interface XDisplay {
    readonly client: XClient
    readonly screen: readonly XScreen[]
    readonly format: Readonly<Record<number, { readonly bits_per_pixel: number }>>
    readonly image_byte_order: number
    readonly min_keycode: number
    readonly max_keycode: number
  }

  export interface WindowValues {
    backgroundPixmap?: number
    backgroundPixel?: number
    overrideRedirect?: boolean
    eventMask?: number
    cursor?: number
  }

  export interface WindowPlace {
    x?: number
    y?: number
    width?: number
    height?: number
    sibling?: number
    stackMode?: number
  }

  interface Place {
    readonly x: number
    readonly y: number
    readonly width: number
    readonly height: number
  }

  export interface Geometry {
    readonly xPos: number
    readonly yPos: number
    readonly width: number
    readonly height: number
  }

  export interface SelectionRequestEvent {
    readonly name: 'SelectionRequest'
    readonly time: number
    readonly owner: number
    readonly requestor: number
    readonly selection: number
    readonly target: number
    /** 0 from clients of before the ICCCM. */
    readonly property: number
  }

  export interface SelectionNotifyEvent {
    readonly name: 'SelectionNotify'
    readonly time: number
    readonly requestor: number
    readonly selection: number
    readonly target: number
    /** 0 where the owner refuses. */
    readonly property: number
  }

  export interface PropertyEvent {
    readonly name: 'PropertyNotify'
    readonly wid: number
    readonly wid1?: never
    readonly atom: number
    readonly time: number
    /** 0: new value, 1: deleted. */
    readonly state: number
  }

  export type XEvent =
    | SelectionRequestEvent
    | SelectionNotifyEvent
    | PropertyEvent
    | {
        readonly name: 'SelectionClear'
        /** Of the last request of ours that the server had dealt with. */
        readonly seq: number
        readonly time: number
        readonly owner: number
        readonly selection: number
      }
    | { readonly name: 'DamageNotify' | 'CursorNotify' | 'MappingNotify' }
    | {
        readonly name: 'XIHierarchyChanged'
        /** The event from its byte 8 on. */
        readonly data: Buffer
      }
    | { readonly name: 'XkbStateNotify' | 'XkbEvent'; readonly xkbType: number }
    | {
        readonly name: 'ClientMessage'
        readonly wid: number
        readonly wid1?: never
        readonly message_type: number
        readonly data: readonly number[]
      }
    | {
        readonly name:
          | 'ConfigureNotify'
          | 'MapNotify'
          | 'UnmapNotify'
          | 'DestroyNotify'
          | 'ReparentNotify'
          | 'CirculateNotify'
        readonly wid: number
        /** ConfigureNotify alone: the window that changed; `wid` is the one it was reported to. */
        readonly wid1?: number
      }
    | {
        readonly name: 'VisibilityNotify'
        readonly wid: number
        readonly wid1?: never
        readonly state: number
      }
    | {
        readonly name:
          | 'XIRawMotion'
          | 'XIRawButtonPress'
          | 'XIRawButtonRelease'
          | 'XIRawKeyPress'
          | 'XIRawKeyRelease'
          | 'XIRawTouchBegin'
          | 'XIRawTouchUpdate'
          | 'XIRawTouchEnd'
        readonly sourceId: number
        readonly detail: number
      }
    | { readonly name?: undefined; readonly type: number }

  export interface XClient {
    readonly stream: Socket
    readonly display: XDisplay
    readonly screenNum: number | string
    seq_num: number
    atoms: Record<string, number>
    atom_names: Record<number, string>
    readonly replies: Record<number, [(body: Buffer, detail: number) => unknown, Answer<never>]>
    readonly pack_stream: { put(packet: Buffer): void; submit(expectsReply?: boolean): boolean }
    on(event: 'event', listener: (event: XEvent) => void): void
    on(event: 'error', listener: (error: XError) => void): void
    on(event: 'end', listener: () => void): void
    removeListener(event: 'event', listener: (event: XEvent) => void): void
    terminate(): void
    require(name: string, done: (error: Error | null | undefined, extension: unknown) => void): void
    AllocID(): number
    ReleaseID(id: number): void
    QueryExtension(name: string, done: Answer<{ present: number }>): void
    GetInputFocus(done: Answer<{ focus: number }>): void
    GetAtomName(atom: number, done: Answer<string>): void
    InternAtom(onlyIfExists: boolean, name: string, done: Answer<number>): void
    GetProperty(
      del: number,
      window: number,
      property: number,
      type: number,
      offset: number,
      length: number,
      done: Answer<{ type: number; format: number; data: Buffer; bytesAfter: number }>,
    ): void
    SetSelectionOwner(owner: number, selection: number, time: number): void
    GetSelectionOwner(selection: number, done: Answer<number>): void
    ConvertSelection(
      requestor: number,
      selection: number,
      target: number,
      property: number,
      time: number,
    ): void
    SendEvent(destination: number, propagate: number, eventMask: number, event: SelectionNotifyEvent): void
    GetGeometry(drawable: number, done: Answer<Geometry>): void
    GetWindowAttributes(window: number, done: Answer<{ mapState: number }>): void
    QueryTree(window: number, done: Answer<{ parent: number; children: number[] }>): void
    QueryPointer(window: number, done: Answer<{ rootX: number; rootY: number; keyMask: number }>): void
    QueryKeymap(done: Answer<Buffer>): void
    GetImage(
      format: number,
      drawable: number,
      x: number,
      y: number,
      width: number,
      height: number,
      planeMask: number,
      done: Answer<{ data: Buffer }>,
    ): void
    PutImage(
      format: number,
      drawable: number,
      gc: number,
      width: number,
      height: number,
      x: number,
      y: number,
      leftPad: number,
      depth: number,
      data: Buffer,
    ): void
    CreateGC(gc: number, drawable: number, values: object): void
    FreeGC(gc: number): void
    CreatePixmap(id: number, drawable: number, depth: number, width: number, height: number): void
    FreePixmap(id: number): void
    CreateWindow(
      id: number,
      parent: number,
      x: number,
      y: number,
      width: number,
      height: number,
      borderWidth: number,
      depth: number,
      windowClass: number,
      visual: number,
      values: WindowValues,
    ): void
    DestroyWindow(window: number): void
    MapWindow(window: number): void
    ClearArea(window: number, x: number, y: number, width: number, height: number, exposures: number): void
    ConfigureWindow(window: number, place: WindowPlace): void
    ChangeWindowAttributes(window: number, values: WindowValues, done?: Answer<void>): void
    ChangeProperty(
      mode: number,
      window: number,
      property: number,
      type: number,
      format: number,
      data: Buffer | string,
    ): void
    DeleteProperty(window: number, property: number): void
    ListProperties(window: number, done: Answer<number[]>): void
    /** What of `to`'s children is on top at this place of `from`, and takes clicks; 0 is none. */
    TranslateCoordinates(
      from: number,
      to: number,
      x: number,
      y: number,
      done: Answer<{ child: number; destX: number; destY: number }>,
    ): void
    SendClientMessage(
      destination: number,
      window: number,
      messageType: number,
      format: number,
      data: readonly number[],
      eventMask: number,
    ): void
    ChangeKeyboardMapping(firstKeycode: number, keysymsPerKeycode: number, keysyms: readonly number[]): void
    GetKeyboardMapping(firstKeycode: number, count: number, done: Answer<number[][]>): void
    GetModifierMapping(done: Answer<number[][]>): void
    GrabKey(
      window: number,
      ownerEvents: number,
      modifiers: number,
      keycode: number,
      pointerMode: number,
      keyboardMode: number,
      done: Answer<void>,
    ): void
    UngrabKey(window: number, keycode: number, modifiers: number): void
    KillClient(resource: number): void
    GrabKeyboard(
      window: number,
      ownerEvents: number,
      time: number,
      pointerMode: number,
      keyboardMode: number,
      done: Answer<number>,
    ): void
    UnmapWindow(window: number): void
    SetInputFocus(window: number, revertTo: number): void
    CreateCursor(
      id: number,
      source: number,
      mask: number,
      foreground: { R: number; G: number; B: number },
      background: { R: number; G: number; B: number },
      x: number,
      y: number,
    ): void
    PolyFillRectangle(drawable: number, gc: number, places: number[]): void
  }

  interface Extension {
    readonly majorOpcode: number
    readonly firstEvent: number
  }

  export interface DamageExtension extends Extension {
    readonly ReportLevel: { readonly NonEmpty: number }
    Create(damage: number, drawable: number, level: number): void
    Destroy(damage: number): void
    Subtract(damage: number, repair: number, parts: number): void
  }

  export interface FixesExtension extends Extension {
    CreateRegion(region: number, rects: readonly Place[]): void
    DestroyRegion(region: number): void
    FetchRegion(region: number, done: Answer<{ rectangles: Place[] }>): void
    SelectCursorInput(window: number, mask: number): void
    GetCursorImage(
      done: Answer<{
        x: number
        y: number
        width: number
        height: number
        xhot: number
        yhot: number
        cursorSerial: number
        cursorImage: Buffer
      }>,
    ): void
  }

  export interface ShmExtension extends Extension {
    readonly major: number
    readonly minor: number
    readonly fdCapable: boolean
    AttachFd(segment: number, fd: number, readOnly: boolean, done: Answer<void>): void
    Detach(segment: number, done?: Answer<void>): void
    GetImage(
      drawable: number,
      x: number,
      y: number,
      width: number,
      height: number,
      planeMask: number,
      format: number,
      segment: number,
      offset: number,
      done: Answer<{ size: number }>,
    ): void
  }

  export interface RandrExtension extends Extension {
    readonly major_version: number
    readonly minor_version: number
    readonly NotifyMask: { readonly All: number }
    SelectInput(window: number, mask: number): void
  }

  export interface XineramaExtension extends Extension {
    QueryScreens(done: Answer<Place[]>): void
  }

  export interface ShapeExtension extends Extension {
    readonly Op: { readonly Set: number }
    readonly Kind: { readonly Bounding: number; readonly Input: number }
    Rectangles(
      op: number,
      kind: number,
      window: number,
      x: number,
      y: number,
      rects: readonly (readonly [number, number, number, number])[],
    ): void
  }

  export interface XInputExtension extends Extension {
    readonly xi2: { readonly majorVersion: number } | null
    readonly AllDevices: number
    readonly AllMasterDevices: number
    readonly EventMask: Readonly<Record<string, number>>
    XIQueryDevice(
      device: number,
      done: Answer<{ deviceId: number; use: number; attachment: number; enabled: number; name: string }[]>,
    ): void
    XISelectEvents(window: number, masks: { deviceId: number; mask: number }): void
    ListInputDevices(done: Answer<{ id: number; name: string }[]>): void
  }

  export interface XTestExtension extends Extension {
    readonly KeyPress: number
    readonly KeyRelease: number
    readonly ButtonPress: number
    readonly ButtonRelease: number
    readonly MotionNotify: number
    FakeInput(type: number, detail: number, time: number, window: number, x: number, y: number): void
  }

  export interface XkbState {
    readonly deviceID: number
    /** In effect, of all locks, latches and keys that are down. */
    readonly group: number
    readonly lockedMods: number
  }

  export interface XkbExtension extends Extension {
    readonly UseCoreKbd: number
    GetState(device: number, done: Answer<XkbState>): void
    SelectEvents(
      device: number,
      affectWhich: number,
      clear: number,
      selectAll: number,
      affectMap: number,
      map: number,
    ): void
    LatchLockState(
      device: number,
      affectModLocks: number,
      modLocks: number,
      lockGroup: boolean,
      groupLock: number,
      affectModLatches: number,
      modLatches: number,
      latchGroup: boolean,
      groupLatch: number,
    ): void
  }

  /** What `require()` answers under each name. */
  export interface Extensions {
    damage: DamageExtension
    fixes: FixesExtension
    shm: ShmExtension
    randr: RandrExtension
    xinerama: XineramaExtension
    shape: ShapeExtension
    xinput: XInputExtension
    xtest: XTestExtension
    xkb: XkbExtension
  }

  export interface ClientOptions {
    display?: string
    shm?: boolean
    auth?: { name: string; data: string }
  }

  const x11: {
    createClient(
      options: ClientOptions,
      done: (error: XError | undefined, display: XDisplay) => void,
    ): XClient
    readonly eventMask: Readonly<Record<string, number>>
    /** By name, e.g. XK_EuroSign; described where it is a character, e.g. "(€) EURO SIGN". */
    readonly keySyms: Readonly<Record<string, { readonly code: number; readonly description: string | null }>>
  }
  export default x11
}
