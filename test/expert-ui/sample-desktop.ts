import sharp from 'sharp'
import type { ScreenLayout } from '../../protocol/messages/picture.ts'
import { type CodedTile, encodeTile, type Rgb } from './reference-encoder.ts'

/** Two monitors of different size, the smaller one lower, as they stand on many desks. */
export const TWO_MONITORS: ScreenLayout = {
  width: 3200,
  height: 1080,
  monitors: [
    { id: 'DP-1', primary: true, x: 0, y: 0, width: 1920, height: 1080 },
    { id: 'HDMI-1', primary: false, x: 1920, y: 56, width: 1280, height: 1024 },
  ],
}

export const ONE_MONITOR: ScreenLayout = {
  width: 1920,
  height: 1080,
  monitors: [{ id: 'DP-1', primary: true, x: 0, y: 0, width: 1920, height: 1080 }],
}

/** A desktop with windows and text, so that screenshots of the page show what an expert would see. */
export async function drawDesktop({ width, height, monitors }: ScreenLayout): Promise<Rgb> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="DejaVu Sans">
    <rect width="${width}" height="${height}" fill="#000"/>${monitors.map(monitorSvg).join('')}</svg>`
  const { data } = await sharp(Buffer.from(svg)).removeAlpha().raw().toBuffer({ resolveWithObject: true })
  return { width, height, pixels: data }
}

/** The whole screen in strips, each in the coding that suits it. */
export function desktopTiles(screen: Rgb, layout: ScreenLayout): CodedTile[] {
  const strip = 120
  const tiles: CodedTile[] = []
  for (let y = 0; y < layout.height; y += strip) {
    const height = Math.min(strip, layout.height - y)
    tiles.push(encodeTile(screen, { x: 0, y, width: layout.width, height }, 'rgb'))
  }
  return tiles
}

function monitorSvg({ x, y, width, height }: ScreenLayout['monitors'][number], index: number): string {
  const window = (left: number, top: number, w: number, h: number, title: string, lines: string[]) => `
    <g transform="translate(${left} ${top})">
      <rect width="${w}" height="${h}" rx="8" fill="#fff" stroke="#8894a0"/>
      <path d="M0 8a8 8 0 0 1 8-8h${w - 16}a8 8 0 0 1 8 8v28H0z" fill="#e4e8ec"/>
      <text x="16" y="25" font-size="15" fill="#1d2730">${title}</text>
      ${lines.map((line, row) => `<text x="24" y="${76 + row * 30}" font-size="17" fill="#2b3640">${line}</text>`).join('')}
    </g>`
  const mail = [
    'Guten Tag,',
    'bitte überweisen Sie den Betrag bis zum 30. November.',
    '',
    'Mit freundlichen Grüßen',
  ]
  const settings = [
    'Netzwerk und Internet',
    '   WLAN: verbunden mit „Zuhause-5G“',
    '   IP-Adresse: 192.168.178.23',
    '',
    'Drucker',
    '   HP LaserJet: nicht erreichbar',
  ]
  return `<g transform="translate(${x} ${y})">
    <defs><linearGradient id="g${index}" x2="1" y2="1"><stop stop-color="#3f6d8c"/><stop offset="1" stop-color="#16324a"/></linearGradient></defs>
    <rect width="${width}" height="${height}" fill="url(#g${index})"/>
    ${index === 0 ? window(140, 110, 980, 560, 'Posteingang', mail) + window(900, 420, 760, 460, 'Einstellungen', settings) : window(120, 140, 820, 520, 'Rechnung.pdf', mail)}
    <rect y="${height - 48}" width="${width}" height="48" fill="#0f1c26"/>
    <text x="${width - 90}" y="${height - 18}" font-size="16" fill="#dfe7ee">14:32</text>
    <rect x="${width - 330}" y="16" width="314" height="36" rx="8" fill="#c8352b"/>
    <text x="${width - 314}" y="40" font-size="16" fill="#fff">Anna Berg sieht zu · nur ansehen</text>
  </g>`
}
