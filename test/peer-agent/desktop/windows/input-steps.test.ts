import t from 'tap'
import {
  absolutePlace,
  buttonStep,
  textSteps,
  wheelSteps,
} from '../../../../peer-agent/desktop/windows/input-steps.ts'

/** As Windows makes a pixel of it: cut, not rounded. */
const pixelOf = (place: number, size: number) => Math.floor((place * size) / 65536)

t.test('every pixel of a screen up to 32,768 wide is met exactly', async (t) => {
  for (const size of [1, 2, 640, 1000, 1366, 1920, 2560, 3440, 3840, 5760, 7680, 11_520, 32_768]) {
    const missed = Array.from({ length: size }, (_, at) => at).filter(
      (at) => pixelOf(absolutePlace(at, size), size) !== at,
    )
    t.same(missed, [], `${size} pixels`)
  }
})

t.test('a place outside goes to the edge', async (t) => {
  t.equal(pixelOf(absolutePlace(-5, 1920), 1920), 0)
  t.equal(pixelOf(absolutePlace(5000, 1920), 1920), 1919)
})

t.test('[K5] text is one packet down and up for each UTF-16 unit, Enter and Tab are keys', async (t) => {
  const units = (text: string) =>
    textSteps(text).map((step) =>
      step.device === 'key' ? [step.virtualKey, step.scanCode, step.flags] : 'mouse',
    )
  t.same(units('ä'), [
    [0, 0xe4, 4],
    [0, 0xe4, 6],
  ])
  t.same(units('😀'), [
    [0, 0xd83d, 4],
    [0, 0xd83d, 6],
    [0, 0xde00, 4],
    [0, 0xde00, 6],
  ])
  t.same(units('\n'), [
    [0x0d, 0x1c, 0],
    [0x0d, 0x1c, 2],
  ])
  t.same(units('\t'), [
    [0x09, 0x0f, 0],
    [0x09, 0x0f, 2],
  ])
  t.same(
    units('\r\u0000\u001b\u007f\u0085\ud83d'),
    [],
    'other control characters and half a pair are nothing',
  )
})

t.test('the wheel is Windows’ own unit, up is positive there', async (t) => {
  t.same(wheelSteps(0, 0), [])
  t.same(wheelSteps(7, -120), [
    { device: 'mouse', flags: 0x0800, data: 120 },
    { device: 'mouse', flags: 0x1000, data: 7 },
  ])
  t.same(wheelSteps(-3, 1), [
    { device: 'mouse', flags: 0x0800, data: 0xffffffff },
    { device: 'mouse', flags: 0x1000, data: 0xfffffffd },
  ])
})

t.test('five buttons, and a left-handed mouse is thought of', async (t) => {
  t.same(buttonStep('left', true, false), { device: 'mouse', flags: 0x02, data: 0 })
  t.same(buttonStep('left', false, false), { device: 'mouse', flags: 0x04, data: 0 })
  t.same(buttonStep('left', true, true), buttonStep('right', true, false))
  t.same(buttonStep('right', false, true), buttonStep('left', false, false))
  t.same(buttonStep('middle', true, true), { device: 'mouse', flags: 0x20, data: 0 })
  t.same(buttonStep('back', true, true), { device: 'mouse', flags: 0x80, data: 1 })
  t.same(buttonStep('forward', false, false), { device: 'mouse', flags: 0x100, data: 2 })
})
