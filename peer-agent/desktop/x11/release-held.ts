import type { XInputExtension } from 'x11'
import { connectX, type XConnection } from './connection.ts'
import { openLoanRecord } from './loan-record.ts'
import { noLongerThan } from './no-longer-than.ts'

/** A server that does not answer for so long will not be helped by waiting. */
const LONGEST_MS = 2000
const ALL_DEVICES = 0
const QUERY_DEVICE_STATE = 30
const FAKE_INPUT = 2
/** Classes of a device's state, and the offsets of the events that release what is of that class. */
const RELEASES = new Map([
  [0, 2],
  [1, 4],
])

/** Never rejects. XTEST's keyboards and mice remember what is down after the program that pressed it is gone. */
export async function releaseHeldX11(display?: string): Promise<void> {
  await noLongerThan(
    LONGEST_MS,
    release(display).catch(() => {}),
  )
}

async function release(display: string | undefined): Promise<void> {
  const connection = await connectX({ display })
  try {
    const xinput = await connection.extension('xinput')
    const { majorOpcode } = await connection.extension('xtest')
    const devices = await connection.ask<{ deviceId: number; name: string }[]>((done) =>
      xinput.XIQueryDevice(ALL_DEVICES, done),
    )
    const injecting = devices.filter(({ name }) => /\bXTEST\b/.test(name))
    for (const { deviceId } of injecting) {
      for (const { event, detail } of await held(connection, xinput, deviceId))
        releaseOn(connection, majorOpcode, xinput.firstEvent + event, detail, deviceId)
    }
    await (await openLoanRecord(connection)).takeBack()
  } finally {
    await connection.close()
  }
}

interface Held {
  readonly event: number
  readonly detail: number
}

/** XQueryDeviceState of the X Input Device Extension: what of a device's keys and buttons is down. */
function held(connection: XConnection, xinput: XInputExtension, device: number): Promise<Held[]> {
  const packet = Buffer.alloc(8)
  packet.set([xinput.majorOpcode, QUERY_DEVICE_STATE, 2, 0, device])
  return connection.askRaw(packet, (body) => {
    const found: Held[] = []
    for (let left = body[0]!, at = 24; left > 0; left--, at += body[at + 1]!) {
      const event = RELEASES.get(body[at]!)
      if (event === undefined) continue
      for (let detail = 0; detail < 256; detail++)
        if ((body[at + 4 + (detail >> 3)]! >> (detail & 7)) & 1) found.push({ event, detail })
    }
    return found
  })
}

/** XTestFakeDeviceEvent: there may be several pairs of core devices, each with XTEST devices of its own. */
function releaseOn(
  { client }: XConnection,
  xtest: number,
  type: number,
  detail: number,
  device: number,
): void {
  const packet = Buffer.alloc(36)
  packet.set([xtest, FAKE_INPUT, packet.length / 4, 0, type, detail])
  packet[35] = device
  client.seq_num++
  client.pack_stream.put(packet)
  client.pack_stream.submit()
}
