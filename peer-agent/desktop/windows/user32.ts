import koffi, { type TypeObject } from 'koffi'
import { type InputStep, OWN_TAG } from './input-steps.ts'

/**
 * What the agent calls of Windows, and the only file that knows how it is called. All of it returns at once, but for
 * `nextMessage`. A hook's listener is called on the thread that set it, while that thread takes its messages.
 */

/** A window, hook or keyboard layout, as Windows names it. */
export type Handle = bigint

export interface MouseEvent {
  readonly mouseData: number
  readonly flags: number
  readonly dwExtraInfo: number | bigint
}

export interface KeyEvent {
  readonly vkCode: number
  readonly scanCode: number
  readonly flags: number
  readonly dwExtraInfo: number | bigint
}

/** Gets the window message, e.g. WM_MOUSEMOVE. Returns true where nobody else shall get the event. */
export type HookListener<Event> = (message: number, event: Event) => boolean

export interface Hook {
  readonly handle: Handle
  remove(): void
}

const INPUT_MOUSE = 0
const INPUT_KEYBOARD = 1
const WH_KEYBOARD_LL = 13
const WH_MOUSE_LL = 14
const WM_QUIT = 0x12
const GA_ROOT = 2
const MAPVK_VSC_TO_VK_EX = 3
const MAPVK_VK_TO_VSC_EX = 4
const DPI_PER_MONITOR_AWARE_V2 = -4n
const TH32CS_SNAPPROCESS = 2
const INVALID_HANDLE = 0xffffffffffffffffn

const POINT = koffi.struct('POINT', { x: 'int32', y: 'int32' })
const extra = { time: 'uint32', dwExtraInfo: 'uintptr' }
const MOUSE_EVENT = koffi.struct('MSLLHOOKSTRUCT', {
  pt: POINT,
  mouseData: 'uint32',
  flags: 'uint32',
  ...extra,
})
const KEY_EVENT = koffi.struct('KBDLLHOOKSTRUCT', {
  vkCode: 'uint32',
  scanCode: 'uint32',
  flags: 'uint32',
  ...extra,
})
const INPUT = koffi.struct('INPUT', {
  type: 'uint32',
  of: koffi.union({
    mouse: koffi.struct({ dx: 'int32', dy: 'int32', mouseData: 'uint32', dwFlags: 'uint32', ...extra }),
    key: koffi.struct({ wVk: 'uint16', wScan: 'uint16', dwFlags: 'uint32', ...extra }),
  }),
})
koffi.struct('MSG', {
  hwnd: 'void *',
  message: 'uint32',
  wParam: 'uintptr',
  lParam: 'intptr',
  time: 'uint32',
  pt: POINT,
})
koffi.struct('LASTINPUTINFO', { cbSize: 'uint32', dwTime: 'uint32' })
const PROCESS_ENTRY = koffi.struct('PROCESSENTRY32W', {
  dwSize: 'uint32',
  cntUsage: 'uint32',
  th32ProcessID: 'uint32',
  th32DefaultHeapID: 'uintptr',
  th32ModuleID: 'uint32',
  cntThreads: 'uint32',
  th32ParentProcessID: 'uint32',
  pcPriClassBase: 'int32',
  dwFlags: 'uint32',
  szExeFile: koffi.array('uint16', 260),
})
const HOOK_PROCEDURE = koffi.pointer(
  koffi.proto('intptr __stdcall HookProcedure(int code, uintptr wParam, void *lParam)'),
)

export type User32 = ReturnType<typeof openUser32>

/** Throws where this is not Windows. */
export function openUser32() {
  const user32 = koffi.load('user32.dll')
  const kernel32 = koffi.load('kernel32.dll')
  const sendInput = user32.func('uint32 __stdcall SendInput(uint32 count, INPUT *inputs, int size)')
  const getMetric = user32.func('int __stdcall GetSystemMetrics(int index)')
  const getAsyncKeyState = user32.func('int16 __stdcall GetAsyncKeyState(int virtualKey)')
  const windowFromPoint = user32.func('void *__stdcall WindowFromPoint(POINT point)')
  const getAncestor = user32.func('void *__stdcall GetAncestor(void *window, uint32 which)')
  const getForegroundWindow = user32.func('void *__stdcall GetForegroundWindow()')
  const getOwner = user32.func(
    'uint32 __stdcall GetWindowThreadProcessId(void *window, _Out_ uint32 *process)',
  )
  const getLayout = user32.func('void *__stdcall GetKeyboardLayout(uint32 thread)')
  const vkKeyScan = user32.func('int16 __stdcall VkKeyScanExW(uint16 unit, void *layout)')
  const mapKey = user32.func('uint32 __stdcall MapVirtualKeyExW(uint32 code, uint32 how, void *layout)')
  const setHook = user32.func('__stdcall', 'SetWindowsHookExW', 'void *', [
    'int',
    HOOK_PROCEDURE,
    'void *',
    'uint32',
  ])
  const unhook = user32.func('int __stdcall UnhookWindowsHookEx(void *hook)')
  const callNextHook = user32.func(
    'intptr __stdcall CallNextHookEx(void *hook, int code, uintptr wParam, void *lParam)',
  )
  const getMessage = user32.func(
    'int __stdcall GetMessageW(_Out_ MSG *message, void *window, uint32 first, uint32 last)',
  )
  const setTimer = user32.func(
    'uintptr __stdcall SetTimer(void *window, uintptr id, uint32 ms, void *procedure)',
  )
  const postToThread = user32.func(
    'int __stdcall PostThreadMessageW(uint32 thread, uint32 message, uintptr wParam, intptr lParam)',
  )
  const getLastInput = user32.func('int __stdcall GetLastInputInfo(_Inout_ LASTINPUTINFO *info)')
  const getModule = kernel32.func('void *__stdcall GetModuleHandleW(void *name)')
  const getThread = kernel32.func('uint32 __stdcall GetCurrentThreadId()')
  const getTick = kernel32.func('uint32 __stdcall GetTickCount()')
  const snapshot = kernel32.func('uintptr __stdcall CreateToolhelp32Snapshot(uint32 what, uint32 process)')
  const firstProcess = kernel32.func('int __stdcall Process32FirstW(uintptr snapshot, void *entry)')
  const nextProcess = kernel32.func('int __stdcall Process32NextW(uintptr snapshot, void *entry)')
  const closeHandle = kernel32.func('int __stdcall CloseHandle(uintptr handle)')

  function hook<Event>(id: number, type: TypeObject, listener: HookListener<Event>): Hook {
    const procedure = koffi.register((code: number, wParam: number | bigint, lParam: bigint) => {
      if (code >= 0 && listener(Number(wParam), koffi.decode(lParam, type))) return 1
      return callNextHook(null, code, wParam, lParam)
    }, HOOK_PROCEDURE)
    const handle: Handle | null = setHook(id, procedure, getModule(null), 0)
    if (handle === null) {
      koffi.unregister(procedure)
      throw new Error('Windows does not let mouse and keyboard be watched.')
    }
    return {
      handle,
      remove() {
        unhook(handle)
        koffi.unregister(procedure)
      },
    }
  }

  return {
    /** Returns how many of them Windows took. */
    sendInput(steps: readonly InputStep[]): number {
      return sendInput(steps.length, steps.map(inputOf), koffi.sizeof(INPUT))
    },
    metric: (index: number): number => getMetric(index),
    isDown: (virtualKey: number): boolean => getAsyncKeyState(virtualKey) < 0,
    /** The top-level window that a click here would go to. */
    windowAt(x: number, y: number): Handle | null {
      const window: Handle | null = windowFromPoint({ x, y })
      return window === null ? null : getAncestor(window, GA_ROOT)
    },
    foregroundWindow: (): Handle | null => getForegroundWindow(),
    ownerOf(window: Handle): { thread: number; process: number } {
      const process: [number] = [0]
      return { thread: getOwner(window, process), process: process[0] }
    },
    /** Of thread 0: our own. */
    keyboardLayoutOf: (thread: number): Handle | null => getLayout(thread),
    /** The virtual key that has this UTF-16 unit, with what must be held in the high byte; -1 for none. */
    keyThatHas: (unit: number, layout: Handle | null): number => vkKeyScan(unit, layout),
    scanCodeOf: (virtualKey: number, layout: Handle | null): number =>
      mapKey(virtualKey, MAPVK_VK_TO_VSC_EX, layout),
    virtualKeyAt: (scanCode: number, layout: Handle | null): number =>
      mapKey(scanCode, MAPVK_VSC_TO_VK_EX, layout),
    hookMouse: (listener: HookListener<MouseEvent>) => hook(WH_MOUSE_LL, MOUSE_EVENT, listener),
    hookKeyboard: (listener: HookListener<KeyEvent>) => hook(WH_KEYBOARD_LL, KEY_EVENT, listener),
    threadId: (): number => getThread(),
    /** From now on this thread gets a message at least this often. */
    wakeEvery: (ms: number): void => void setTimer(null, 0, ms, null),
    /** Blocks this thread until its next message; its hooks are called meanwhile. False where it is told to quit. */
    nextMessage: (): boolean => getMessage({}, null, 0, 0) > 0,
    quitThread: (thread: number): boolean => postToThread(thread, WM_QUIT, 0, 0) !== 0,
    /** When anybody last gave input in this log-on session, in ms as `tick()` counts them. */
    lastInputTick(): number {
      const info = { cbSize: 8, dwTime: 0 }
      getLastInput(info)
      return info.dwTime
    },
    /** Milliseconds since the system started, modulo 2^32. */
    tick: (): number => getTick(),
    /** Every process and the one that started it. */
    parents(): Map<number, number> {
      const list: number | bigint = snapshot(TH32CS_SNAPPROCESS, 0)
      const parents = new Map<number, number>()
      if (BigInt(list) === INVALID_HANDLE) return parents
      const entry = Buffer.alloc(koffi.sizeof(PROCESS_ENTRY))
      entry.writeUInt32LE(entry.length)
      const at = (member: string) => entry.readUInt32LE(koffi.offsetof(PROCESS_ENTRY, member))
      for (let more = firstProcess(list, entry); more !== 0; more = nextProcess(list, entry))
        parents.set(at('th32ProcessID'), at('th32ParentProcessID'))
      closeHandle(list)
      return parents
    },
    /**
     * Makes every coordinate of this process a device pixel, whatever the monitors are scaled by. Takes effect only
     * before the process has a window; Windows before 2017 does not have it and keeps what the program was built for.
     */
    useDevicePixels(): void {
      try {
        user32.func('int __stdcall SetProcessDpiAwarenessContext(intptr context)')(DPI_PER_MONITOR_AWARE_V2)
      } catch {}
    },
  }
}

function inputOf(step: InputStep): object {
  const common = { dwFlags: step.flags, time: 0, dwExtraInfo: OWN_TAG }
  if (step.device === 'key')
    return { type: INPUT_KEYBOARD, of: { key: { wVk: step.virtualKey, wScan: step.scanCode, ...common } } }
  const { dx = 0, dy = 0, data = 0 } = step
  return { type: INPUT_MOUSE, of: { mouse: { dx, dy, mouseData: data, ...common } } }
}
