import type { XInputExtension } from 'x11'
import type { XConnection } from './connection.ts'

/**
 * Devices through which programs inject input, by name: the server's own XTEST slaves, one pair for each master, and
 * the kernel devices that the usual automation tools make. A name that is not known here counts as hardware, since a
 * customer whose own mouse went unnoticed would lose command of it [K2].
 */
const INJECTING = /\bXTEST\b|ydotool|uinput/i

const ALL_DEVICES = 0

export interface InputDevices {
  /** Calls `then(true)` for hardware and `then(false)` for injected input; not at all if the device is gone. */
  whetherHardware(sourceId: number, then: (hardware: boolean) => void): void
}

/** Knows which input devices are hardware, also those plugged in later. */
export async function watchInputDevices(
  connection: XConnection,
  xinput: XInputExtension,
): Promise<InputDevices> {
  let hardware: Map<number, boolean> | undefined
  let waiting: (() => void)[] = []
  let asked = 0

  async function learn(): Promise<void> {
    hardware = undefined
    const ticket = ++asked
    const devices = await connection.ask<{ deviceId: number; name: string }[]>((done) =>
      xinput.XIQueryDevice(ALL_DEVICES, done),
    )
    if (ticket !== asked) return
    hardware = new Map(devices.map(({ deviceId, name }) => [deviceId, !INJECTING.test(name)]))
    const late = waiting
    waiting = []
    for (const answer of late) answer()
  }

  connection.onEvent((event) => {
    // Ids are given out anew: until the list is here nothing known before may be trusted.
    if (event.name === 'XIHierarchyChanged') learn().catch(() => {})
  })
  const { HierarchyChanged = 0 } = xinput.EventMask
  xinput.XISelectEvents(connection.root, { deviceId: xinput.AllDevices, mask: HierarchyChanged })
  await learn()

  return {
    whetherHardware(sourceId, then) {
      const answer = () => {
        const known = hardware?.get(sourceId)
        if (known !== undefined) then(known)
      }
      if (hardware) answer()
      else waiting.push(answer)
    },
  }
}
