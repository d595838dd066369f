import type { Geometry, RandrExtension } from 'x11'
import type { Layout, Monitor, Rect } from '../port.ts'
import type { XConnection } from './connection.ts'

/** The layout, and where its origin lies on the root window. */
export interface PlacedLayout {
  readonly layout: Layout
  readonly left: number
  readonly top: number
}

export interface MonitorWatch {
  /** Asks the server anew. */
  read(): Promise<PlacedLayout>
  /** Monitors or their places may have changed; may be called several times for one change. */
  onChange(listener: () => void): void
}

interface Found extends Rect {
  readonly id: string
  readonly primary: boolean
}

const STRUCTURE_NOTIFY = 1 << 17
const RR_GET_MONITORS = 42
/** Of what the protocol carries. */
const MOST_MONITORS = 16

export async function watchMonitors(connection: XConnection): Promise<MonitorWatch> {
  const randr = (await connection.hasExtension('RANDR')) ? await connection.extension('randr') : undefined
  const listeners: (() => void)[] = []
  // A monitor added by hand changes no output: it shows as a ConfigureNotify of the root alone.
  connection.addRootEvents(STRUCTURE_NOTIFY)
  randr?.SelectInput(connection.root, randr.NotifyMask.All)
  connection.onEvent((event) => {
    const ours =
      event.name === 'ConfigureNotify'
        ? event.wid === connection.root && event.wid1 === connection.root
        : randr !== undefined && isRandrEvent(event, randr)
    if (ours) for (const listener of listeners) listener()
  })
  return {
    read: () => readLayout(connection, randr),
    onChange(listener) {
      listeners.push(listener)
    },
  }
}

function isRandrEvent(event: object, { firstEvent }: RandrExtension): boolean {
  const type = ((event as { type?: number }).type ?? 0) & 0x7f
  return type === firstEvent || type === firstEvent + 1
}

async function readLayout(connection: XConnection, randr: RandrExtension | undefined): Promise<PlacedLayout> {
  const root = await connection.ask<Geometry>((done) => connection.client.GetGeometry(connection.root, done))
  const screen = { x: 0, y: 0, width: root.width, height: root.height }
  const found = (await find(connection, randr))
    .map((monitor) => clip(monitor, screen))
    .filter((monitor) => monitor.width > 0 && monitor.height > 0)
    .filter((monitor, index, all) => all.findIndex((other) => samePlace(other, monitor)) === index)
    .slice(0, MOST_MONITORS)
  if (found.length === 0) found.push({ ...screen, id: 'screen', primary: true })
  return place(found)
}

async function find(connection: XConnection, randr: RandrExtension | undefined): Promise<Found[]> {
  if (randr && (randr.major_version > 1 || randr.minor_version >= 5)) return byRandr(connection, randr)
  if (await connection.hasExtension('XINERAMA')) return byXinerama(connection)
  return []
}

async function byXinerama(connection: XConnection): Promise<Found[]> {
  const xinerama = await connection.extension('xinerama')
  const screens = await connection.ask<Rect[]>((done) => xinerama.QueryScreens(done))
  return screens.map((screen, index) => ({ ...screen, id: `screen-${index}`, primary: index === 0 }))
}

/** RRGetMonitors of RandR 1.5, which the package lacks; it alone gives names that last. */
async function byRandr(connection: XConnection, randr: RandrExtension): Promise<Found[]> {
  const packet = Buffer.alloc(12)
  packet[0] = randr.majorOpcode
  packet[1] = RR_GET_MONITORS
  packet.writeUInt16LE(3, 2)
  packet.writeUInt32LE(connection.root, 4)
  packet[8] = 1
  const monitors = await connection.askRaw(packet, parseMonitors)
  return Promise.all(
    monitors.map(async ({ name, ...monitor }) => ({
      ...monitor,
      id: (await atomName(connection, name)).slice(0, 128) || `atom-${name}`,
    })),
  )
}

function parseMonitors(body: Buffer): (Rect & { name: number; primary: boolean })[] {
  const count = body.readUInt32LE(4)
  const monitors = []
  for (let index = 0, at = 24; index < count; index++) {
    monitors.push({
      name: body.readUInt32LE(at),
      primary: body[at + 4] !== 0,
      x: body.readInt16LE(at + 8),
      y: body.readInt16LE(at + 10),
      width: body.readUInt16LE(at + 12),
      height: body.readUInt16LE(at + 14),
    })
    at += 24 + 4 * body.readUInt16LE(at + 6)
  }
  return monitors
}

function atomName(connection: XConnection, atom: number): Promise<string> {
  return connection.ask((done) => connection.client.GetAtomName(atom, done))
}

/** Shifts the monitors so that their bounding box begins at 0, 0, and sees to exactly one primary. */
function place(found: readonly Found[]): PlacedLayout {
  const left = Math.min(...found.map((monitor) => monitor.x))
  const top = Math.min(...found.map((monitor) => monitor.y))
  const right = Math.max(...found.map((monitor) => monitor.x + monitor.width))
  const bottom = Math.max(...found.map((monitor) => monitor.y + monitor.height))
  const primary = Math.max(
    0,
    found.findIndex((monitor) => monitor.primary),
  )
  const monitors: Monitor[] = found.map((monitor, index) => ({
    id: monitor.id,
    primary: index === primary,
    x: monitor.x - left,
    y: monitor.y - top,
    width: monitor.width,
    height: monitor.height,
  }))
  return { layout: { width: right - left, height: bottom - top, monitors }, left, top }
}

function clip(monitor: Found, screen: Rect): Found {
  const x = Math.max(monitor.x, screen.x)
  const y = Math.max(monitor.y, screen.y)
  const width = Math.min(monitor.x + monitor.width, screen.width) - x
  const height = Math.min(monitor.y + monitor.height, screen.height) - y
  return { ...monitor, x, y, width, height }
}

function samePlace(a: Rect, b: Rect): boolean {
  return a.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height
}
