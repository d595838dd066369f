import { parentPort } from 'node:worker_threads'
import type { HandsInput } from '../port.ts'
import { trackCustomerHands } from './customer-hands.ts'
import { openUser32 } from './user32.ts'

/** Hook thread → agent's main thread. It is told to end by WM_QUIT. */
export type FromHookWorker =
  | { readonly t: 'watching'; readonly thread: number }
  | {
      readonly t: 'input'
      readonly input: HandsInput
      readonly heldCount: number
      readonly isStopKey: boolean
    }

/** How often it is checked whether Windows still calls us. A thread that shall be cut is awake within this time. */
const CHECK_MS = 250
/** A hook's event may be this late after the input it tells of, on a busy machine. */
const LATE_MS = 1000
/** Whoever set a hook last is called first: so no program that swallows input stays before us for long. */
const RENEW_MS = 10_000
/** A mouse may tell of itself 8,000 times a second; the agent need not know as often. */
const MOVES_APART_MS = 4

/*
 * Low-level hooks are called on the thread that set them, while it waits for its next message; all input of the desktop
 * waits meanwhile. So they have a thread that does nothing else: this code never returns to the event loop.
 *
 * Windows drops a hook that answered too late (LowLevelHooksTimeout) and tells nobody. But it tells when there was
 * input last: if that is later than what the hooks saw, they are set anew, and the customer's hands count as moved.
 * Rather one take-over too many than hands that nobody sees. It is the same with input that hooks are not shown: to a
 * window with more rights than ours, or by touch.
 */
const user32 = openUser32()
const hands = trackCustomerHands()
let lastMoveToldMs = Number.NEGATIVE_INFINITY
let lastCalledMs = Number.NEGATIVE_INFINITY
let lastSeenTick = user32.lastInputTick()

const tell = (message: FromHookWorker) => parentPort!.postMessage(message)

function tellInput(input: HandsInput, isStopKey = false): void {
  tell({ t: 'input', input, heldCount: hands.heldCount(), isStopKey })
}

function onEvent(input: HandsInput | null, isStopKey = false): void {
  lastCalledMs = performance.now()
  lastSeenTick = user32.tick()
  if (input === null) return
  if (input === 'move') {
    if (lastCalledMs - lastMoveToldMs < MOVES_APART_MS) return
    lastMoveToldMs = lastCalledMs
  }
  tellInput(input, isStopKey)
}

function setHooks() {
  const hooks = [
    user32.hookMouse((message, event) => {
      onEvent(hands.mouse(message, event))
      return false
    }),
    user32.hookKeyboard((_message, event) => {
      const isStopKey = hands.isStopKey(event)
      const input = hands.key(event)
      onEvent(input, isStopKey && input === 'press')
      return isStopKey
    }),
  ]
  return { hooks, atMs: performance.now() }
}

let set = setHooks()
/** The new ones come before the old ones go, so that nothing slips through. */
function renewHooks(): void {
  const old = set.hooks
  set = setHooks()
  for (const hook of old) hook.remove()
}

function check(): void {
  const lastInputTick = user32.lastInputTick()
  if (((lastInputTick - lastSeenTick) | 0) > LATE_MS) {
    renewHooks()
    lastSeenTick = lastInputTick
    tellInput('move')
  } else if (performance.now() - set.atMs > RENEW_MS) renewHooks()
  // Just after a hook returned Windows does not know yet that the key is down.
  if (performance.now() - lastCalledMs < CHECK_MS) return
  if (hands.forgetReleased(user32.isDown)) tellInput('move')
}

user32.wakeEvery(CHECK_MS)
tell({ t: 'watching', thread: user32.threadId() })
while (user32.nextMessage()) check()
for (const hook of set.hooks) hook.remove()
