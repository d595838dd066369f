import type { XInputExtension } from 'x11'
import type { XConnection } from './connection.ts'

/**
 * Devices through which programs inject input, by name: the server's own XTEST slaves, one pair for each master, and
 * the kernel devices that the usual automation tools make. A name that is not known here counts as hardware, since a
 * customer whose own mouse went unnoticed would lose command of it [K2].
 */
const INJECTING = /\bXTEST\b|ydotool|uinput/i

const ALL_DEVICES = 0
/** What the server tells of a device when something about the devices changed: XIHierarchyChanged of XInput 2. */
const FIRST_INFO = 24
const INFO_LENGTH = 12
const ADDED = (1 << 0) | (1 << 2) | (1 << 6)
const GONE = (1 << 1) | (1 << 3) | (1 << 7)

export interface InputDevices {
  /** Calls `then` if this device is hardware: at once, unless it has only just come and its name is still asked for. */
  ifHardware(sourceId: number, then: () => void): void
  /** The device was unplugged or switched off; another may get its id. */
  onGone(listener: (sourceId: number) => void): void
}

/** Knows which input devices are hardware, also those plugged in later. */
export async function watchInputDevices(
  connection: XConnection,
  xinput: XInputExtension,
): Promise<InputDevices> {
  let isHardware = new Map<number, boolean>()
  let waiting: (() => void)[] = []
  const goneListeners: ((sourceId: number) => void)[] = []

  /** Replies and events come in the order they were made: an answer is newer than every change heard of before it. */
  async function learn(): Promise<void> {
    const devices = await connection.ask<{ deviceId: number; name: string }[]>((done) =>
      xinput.XIQueryDevice(ALL_DEVICES, done),
    )
    isHardware = new Map(devices.map(({ deviceId, name }) => [deviceId, !INJECTING.test(name)]))
    const late = waiting
    waiting = []
    for (const decide of late) decide()
  }

  connection.onEvent((event) => {
    if (event.name !== 'XIHierarchyChanged') return
    for (const { id, flags } of changesIn(event.data)) {
      if (flags & (ADDED | GONE)) isHardware.delete(id)
      if (flags & GONE) for (const listener of goneListeners) listener(id)
    }
    learn().catch(() => {})
  })
  const { HierarchyChanged = 0 } = xinput.EventMask
  xinput.XISelectEvents(connection.root, { deviceId: xinput.AllDevices, mask: HierarchyChanged })
  await learn()

  return {
    ifHardware(sourceId, then) {
      const known = isHardware.get(sourceId)
      if (known) then()
      if (known !== undefined) return
      // A device whose name does not come is gone: then nobody's hands are at it.
      waiting.push(() => {
        if (isHardware.get(sourceId)) then()
      })
    },
    onGone(listener) {
      goneListeners.push(listener)
    },
  }
}

function changesIn(event: Buffer): { id: number; flags: number }[] {
  const count = event.readUInt16LE(12)
  return Array.from({ length: count }, (_, index) => {
    const at = FIRST_INFO + index * INFO_LENGTH
    return { id: event.readUInt16LE(at), flags: event.readUInt32LE(at + 8) }
  })
}
