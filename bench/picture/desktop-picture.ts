import { photo } from './photo.ts'
import type { Random } from './random.ts'
import type { Bitmap, Place } from './screen.ts'
import { channels, paste, renderText, STYLES, textPage } from './text.ts'

const TITLE_PIXELS = 26
const BAR_PIXELS = 40
const ICON_PIXELS = 28
const DESKTOPS = ['#3b5b7a', '#2f4f3f', '#5a4a6a', '#204a87', '#6b6b6b']
const TITLES = ['#dedede', '#2d2d2d', '#3daee9', '#f0e0c0']

/** A whole desktop with windows full of text, a photograph and a task bar; no two of them alike. */
export async function desktopPicture(width: number, height: number, random: Random): Promise<Bitmap> {
  const desktop: Bitmap = { width, height, bgrx: Buffer.alloc(width * height * 4) }
  fill(desktop, { x: 0, y: 0, width, height }, random.pick(DESKTOPS))
  for (let window = 0; window < 5; window++) {
    const size = { width: random.whole(700, 1300), height: random.whole(420, 800) }
    const place = {
      x: random.whole(0, width - size.width),
      y: random.whole(0, height - BAR_PIXELS - size.height),
      ...size,
    }
    fill(desktop, { ...place, height: TITLE_PIXELS }, random.pick(TITLES))
    const inside = { width: size.width - 2, height: size.height - TITLE_PIXELS - 1 }
    const body = await textPage(inside.width, inside.height, random.pick(STYLES), random)
    paste(body, desktop, place.x + 1, place.y + TITLE_PIXELS)
    const name = { font: 'DejaVu Sans Bold 10', paper: '#ffffff', inks: [] }
    paste(await renderText(`Dokument ${random.whole(1, 9999)}.txt`, name), desktop, place.x + 8, place.y + 6)
  }
  paste(await photo(320, 220, random), desktop, random.whole(50, width - 400), random.whole(50, height - 320))
  fill(desktop, { x: 0, y: height - BAR_PIXELS, width, height: BAR_PIXELS }, '#20242a')
  for (let x = 8; x < 600; x += ICON_PIXELS + 12)
    paste(await photo(ICON_PIXELS, ICON_PIXELS, random), desktop, x, height - BAR_PIXELS + 6)
  return desktop
}

function fill({ width, bgrx }: Bitmap, place: Place, colour: string): void {
  const [r, g, b] = channels(colour)
  const row = Buffer.alloc(place.width * 4, Buffer.from([b, g, r, 0]))
  for (let y = place.y; y < place.y + place.height; y++) row.copy(bgrx, (y * width + place.x) * 4)
}
