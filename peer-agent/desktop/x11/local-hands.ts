import type { HandsInput, LocalHands } from '../port.ts'
import type { XConnection } from './connection.ts'
import { watchInputDevices } from './input-devices.ts'
import { claimStopKey } from './stop-key.ts'

/** By the raw event's name: what the hands did, and with what. */
const INPUTS: Readonly<Record<string, readonly [HandsInput, part: 'button' | 'key' | 'touch' | 'motion']>> = {
  XIRawMotion: ['move', 'motion'],
  XIRawButtonPress: ['press', 'button'],
  XIRawButtonRelease: ['release', 'button'],
  XIRawKeyPress: ['press', 'key'],
  XIRawKeyRelease: ['release', 'key'],
  XIRawTouchBegin: ['press', 'touch'],
  XIRawTouchUpdate: ['move', 'motion'],
  XIRawTouchEnd: ['release', 'touch'],
}
/** X has no wheel: it turns by clicks of these buttons. */
const WHEEL: readonly number[] = [4, 5, 6, 7]

/**
 * The server reports raw input to everybody who asks, with the device it came from, even while a program grabs mouse
 * or keyboard. So the customer's hands are known without guessing: no comparing of positions, no timing.
 */
export async function watchLocalHands(connection: XConnection): Promise<LocalHands> {
  const xinput = await connection.extension('xinput')
  const devices = await watchInputDevices(connection, xinput)
  const stopKey = await claimStopKey(connection)
  const inputListeners: ((input: HandsInput) => void)[] = []
  const stopListeners: (() => void)[] = []
  /** By device: its keys, buttons and touches that are down. As a set, since a key that repeats is pressed again. */
  const held = new Map<number, Set<string>>()
  let lastPressAtMs = Number.NEGATIVE_INFINITY
  let closed = false

  connection.onEvent((event) => {
    if (closed || event.name === undefined || !('sourceId' in event)) return
    const { name, sourceId, detail } = event
    const [input, part] = INPUTS[name] ?? []
    if (input === undefined) return
    const atMs = performance.now()
    devices.ifHardware(sourceId, () => {
      if (closed) return
      const isWheel = part === 'button' && WHEEL.includes(detail)
      const kind = isWheel ? 'move' : input
      if (kind !== 'move') {
        lastPressAtMs = atMs
        const down = held.get(sourceId) ?? new Set()
        held.set(sourceId, down)
        if (kind === 'press') down.add(`${part} ${detail}`)
        else down.delete(`${part} ${detail}`)
      }
      for (const listener of inputListeners) listener(kind)
      if (name !== 'XIRawKeyPress' || !stopKey.is(detail)) return
      for (const listener of stopListeners) listener()
    })
  })
  devices.onGone((sourceId) => held.delete(sourceId))
  const mask = Object.keys(INPUTS)
    .map((name) => xinput.EventMask[name.slice(2)] ?? 0)
    .reduce((all, bit) => all | bit, 0)
  xinput.XISelectEvents(connection.root, { deviceId: xinput.AllMasterDevices, mask })
  await connection.sync()

  return {
    tellsInjectedApart: true,
    lastPressAtMs: () => lastPressAtMs,
    heldCount: () => [...held.values()].reduce((count, down) => count + down.size, 0),
    onInput(listener) {
      inputListeners.push(listener)
    },
    onStopKey(listener) {
      stopListeners.push(listener)
    },
    async close() {
      if (closed) return
      closed = true
      xinput.XISelectEvents(connection.root, { deviceId: xinput.AllMasterDevices, mask: 0 })
      stopKey.release()
      await connection.sync().catch(() => {})
    },
  }
}
