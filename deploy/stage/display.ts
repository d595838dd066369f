import sharp from 'sharp'
import { startXServer, type XServer } from '../../test/fixtures/x-server.ts'
import { until } from './until.ts'

/** A virtual display with a few ordinary windows, as a customer might have them open. */
export async function openDisplay(size = { width: 1440, height: 900 }): Promise<XServer> {
  const x = await startXServer({ ...size, windowManager: true })
  x.run('xsetroot', ['-solid', '#3b5b7a'])
  const before = (await x.mappedWindows()).length
  x.run('xterm', [
    '-title',
    'Rechnung.txt',
    '-fa',
    'DejaVu Sans Mono',
    '-fs',
    '11',
    '-geometry',
    '64x16+40+60',
    '-e',
    LETTER,
  ])
  x.run('xterm', [
    '-title',
    'Notizen',
    '-fa',
    'DejaVu Sans Mono',
    '-fs',
    '11',
    '-geometry',
    '64x12+80+460',
    '-e',
    'cat',
  ])
  await until(
    async () => (await x.mappedWindows()).length >= before + 2,
    10_000,
    () => 'the windows of the virtual display did not open',
  )
  return x
}

/** Where a click gives the second window the focus; what is typed there appears in it. */
export const NOTES = { x: 300, y: 600 }

const LETTER = `sh -c "printf 'Sehr geehrte Frau Muster,\\n\\nIhr Anschluss wird am 3. Dezember umgestellt.\\nSie brauchen nichts zu tun.\\n\\n  Grundpreis      39,95 EUR\\n  Router           4,95 EUR\\n\\nMit freundlichen Gruessen\\nIhr Kundendienst\\n'; exec cat"`

/** The display as a PNG file. */
export async function saveDisplay(x: XServer, path: string): Promise<void> {
  const { width, height, rgb } = await x.screenshot()
  await sharp(rgb, { raw: { width, height, channels: 3 } })
    .png()
    .toFile(path)
}
