import fc from 'fast-check'
import t from 'tap'
import { NO_POINTER, type PointerInput, stepPointer } from '../../expert-ui/control/pointer.ts'
import { addTurn, NO_TURN, turnOf } from '../../expert-ui/control/wheel.ts'
import { told } from './played-keys.ts'

const at = (x: number, buttons = 0, isInside = true): PointerInput => ({
  t: 'pointer',
  buttons,
  place: { x, y: 7, isInside },
  isSteering: true,
})
const frame: PointerInput = { t: 'frame' }

function pointed(inputs: readonly PointerInput[]): string[] {
  let pointer = NO_POINTER
  return inputs.flatMap((input) => {
    const step = stepPointer(pointer, input)
    pointer = step.pointer
    return step.deeds.map(told)
  })
}

t.test('of many moves between two frames the newest is sent', (t) => {
  t.same(pointed([at(1), at(2), at(3), frame, frame, at(3), frame, at(4), frame]), ['at 3,7', 'at 4,7'])
  t.end()
})

t.test('a button says where it is, and a move before it is not sent any more', (t) => {
  t.same(pointed([at(1), at(2, 1), frame, at(3, 0), frame]), ['left down 2,7', 'left up 3,7'])
  t.same(pointed([at(5, 4 | 8), at(5, 16)]), [
    'middle down 5,7',
    'back down 5,7',
    'middle up 5,7',
    'back up 5,7',
    'forward down 5,7',
  ])
  t.same(pointed([at(5, 2), at(5, 3), at(5, 1), at(5, 0)]), [
    'right down 5,7',
    'left down 5,7',
    'right up 5,7',
    'left up 5,7',
  ])
  t.end()
})

t.test('beside the picture nothing is sent, but a drag goes on', (t) => {
  t.same(pointed([at(0, 0, false), frame, at(0, 1, false), at(9, 1), frame, at(9, 0)]), ['at 9,7'])
  t.same(pointed([at(3, 1), at(0, 1, false), frame, at(0, 0, false), at(0, 0, false), frame]), [
    'left down 3,7',
    'at 0,7',
    'left up 0,7',
  ])
  t.end()
})

t.test('[K2] what is pressed while the customer holds must be pressed anew', (t) => {
  const off = { ...at(3, 1), isSteering: false } as PointerInput
  t.same(pointed([off, at(4, 1), frame, at(4, 0), at(4, 1)]), ['at 4,7', 'left down 4,7'])
  t.end()
})

t.test('[K5] lost events release what is held, where it was last', (t) => {
  t.same(pointed([at(3, 1 | 2), at(6, 3), { t: 'lost', buttons: 3 }, at(6, 3), at(6, 0)]), [
    'left down 3,7',
    'right down 3,7',
    'left up 6,7',
    'right up 6,7',
  ])
  t.same(pointed([{ t: 'lost', buttons: 0 }]), [])
  t.end()
})

t.test('[K5] whatever comes, every button that goes down goes up again', (t) => {
  const input = fc.oneof(
    fc
      .record({ x: fc.nat(20), buttons: fc.nat(31), isInside: fc.boolean() })
      .map(({ x, buttons, isInside }) => at(x, buttons, isInside)),
    fc.constant(frame),
    fc.nat(31).map((buttons): PointerInput => ({ t: 'lost', buttons })),
  )
  fc.assert(
    fc.property(fc.array(input, { maxLength: 30 }), (inputs) => {
      const down = new Set<string>()
      for (const line of pointed([...inputs, { t: 'lost', buttons: 0 }])) {
        const [name, way] = line.split(' ') as [string, string]
        if (way === 'down') {
          if (down.has(name)) return false
          down.add(name)
        } else if (way === 'up' && !down.delete(name)) return false
      }
      return down.size === 0
    }),
  )
  t.end()
})

const wheel = (facts: object) => turnOf({ deltaX: 0, deltaY: 0, deltaMode: 0, shiftKey: false, ...facts })

t.test('a notch is 120, in every way a browser tells it', (t) => {
  t.same(wheel({ deltaY: 100, wheelDeltaX: 0, wheelDeltaY: -120 }), { dx: 0, dy: 120 })
  t.match(
    wheel({ deltaY: -53, wheelDeltaX: -0, wheelDeltaY: 120 }),
    { dy: -120 },
    'however far a page would scroll',
  )
  t.match(wheel({ deltaX: 100, wheelDeltaX: -120, wheelDeltaY: 0 }), { dx: 120 })
  t.match(wheel({ deltaY: 100 }), { dy: 120 })
  t.match(wheel({ deltaY: 3, deltaMode: 1 }), { dy: 120 })
  t.match(wheel({ deltaY: 1, deltaMode: 2 }), { dy: 360 })
  t.match(wheel({ deltaX: 100, wheelDeltaX: -120, wheelDeltaY: 0, shiftKey: true }), { dx: 0, dy: 120 })
  t.end()
})

t.test('small turns add up, and turning back starts anew', (t) => {
  let rest = NO_TURN
  const sent = [0.4, 0.4, 0.4, -0.5, -0.7].map((dy) => {
    const step = addTurn(rest, { dx: 0, dy })
    rest = step.rest
    return step.sent.dy
  })
  t.same(sent, [0, 0, 1, 0, -1])
  t.same(addTurn(NO_TURN, { dx: -50_000, dy: 0 }).sent, { dx: -12_000, dy: 0 })
  t.end()
})
