import t from 'tap'
import { fitText } from '../../../peer-agent/desktop/text-fit.ts'
import { drawWatermark, type WatermarkBitmap } from '../../../peer-agent/desktop/watermark-bitmap.ts'

const VIEWING = { who: 'Anna Beispiel', what: 'sieht Ihren Bildschirm', expertHolds: false }

t.test('whoever looks can be named as they like: nothing in a name breaks the mark', async (t) => {
  for (const who of [
    '<b>&amp;"\'',
    '\u0000\u0007\ud800',
    '漢字 العربية 😀',
    '',
    '</text><rect/>',
    '\u202eabc',
  ]) {
    const { width, height, bgrx } = await drawWatermark({ ...VIEWING, who }, 1, 1000)
    t.equal(bgrx.length, width * height * 4)
  }
})

t.test('an overlong name ends in an ellipsis and stays in its room', async (t) => {
  const { svg, width } = await fitText(`Dr. ${'Überlang-'.repeat(200)}Ende`, 16, 300)
  t.match(svg, /Überlang.*…</)
  t.notMatch(svg, /Ende/)
  t.ok(width <= 300 && width > 250, `${width} pixels`)
  const narrow = await drawWatermark({ ...VIEWING, who: 'W'.repeat(99) }, 1, 200)
  t.ok(narrow.width <= 200)
})

t.test('it grows with dense screens', async (t) => {
  const [one, two] = await Promise.all([drawWatermark(VIEWING, 1, 900), drawWatermark(VIEWING, 2, 1800)])
  t.same([two.width, two.height], [one.width * 2, one.height * 2])
})

t.test('text and panel differ strongly, and holding the mouse looks unlike viewing', async (t) => {
  const viewing = await drawWatermark(VIEWING, 1, 900)
  const holding = await drawWatermark({ ...VIEWING, expertHolds: true }, 1, 900)
  for (const bitmap of [viewing, holding]) {
    const [darkest, lightest] = extremes(bitmap)
    const contrast = (lightest + 0.05) / (darkest + 0.05)
    t.ok(contrast > 10, `contrast ${contrast.toFixed(1)} : 1`)
  }
  t.ok(average(holding) - average(viewing) > 0.3)
})

/** Relative luminance as WCAG 2 defines it. */
function luminances({ bgrx }: WatermarkBitmap): number[] {
  const linear = (value: number) => {
    const part = value / 255
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  }
  const all: number[] = []
  for (let at = 0; at < bgrx.length; at += 4) {
    all.push(0.0722 * linear(bgrx[at]!) + 0.7152 * linear(bgrx[at + 1]!) + 0.2126 * linear(bgrx[at + 2]!))
  }
  return all
}

function extremes(bitmap: WatermarkBitmap): [number, number] {
  const sorted = luminances(bitmap).sort((a, b) => a - b)
  return [sorted[0]!, sorted.at(-1)!]
}

function average(bitmap: WatermarkBitmap): number {
  const all = luminances(bitmap)
  return all.reduce((sum, value) => sum + value, 0) / all.length
}
