import t from 'tap'
import { doWith } from '../../expert-ui/control/deed.ts'
import { ShowPointer } from '../../expert-ui/control/show-pointer.ts'
import { Steering } from '../../expert-ui/control/steering.ts'
import type { RemoteHands } from '../../expert-ui/session/view.ts'
import { TurnedClock } from '../fixtures/turned-clock.ts'
import { FakeSession } from './fake-session.ts'
import { keyInput } from './played-keys.ts'

const NO_FLAGS = { Shift: false, Control: false, Alt: false, Meta: false, isAltGraph: false }
const CONTROL = { ...NO_FLAGS, Control: true }

function steering() {
  const session = new FakeSession()
  const clock = new TurnedClock()
  const frames: (() => void)[] = []
  const made = new Steering({
    hands: session.hands,
    clock,
    frame: (action) => {
      frames.push(action)
      return () => frames.splice(frames.indexOf(action), 1)
    },
  })
  made.turn(true)
  return {
    steering: made,
    clock,
    /** What was done since it was last asked. */
    done: () => session.handCalls.splice(0),
    shown: () => {
      for (const action of frames.splice(0)) action()
    },
    keys: (...lines: string[]) => {
      for (const line of lines) made.key(keyInput(line))
    },
    point: (x: number, buttons = 0, flags = NO_FLAGS) =>
      made.point(buttons, { x, y: 7, isInside: true }, flags),
    wheel: (dy: number, flags = NO_FLAGS) => made.wheel({ dx: 0, dy }, { x: 1, y: 7, isInside: true }, flags),
  }
}

t.test('a key finds the pointer where the hand has led it', (t) => {
  const { point, keys, wheel, shown, done } = steering()
  point(3)
  keys('down Enter Enter')
  shown()
  t.same(done(), ['at 3,7', 'Enter down'])
  point(4)
  keys('text ä')
  point(5)
  point(6)
  shown()
  t.same(done(), ['at 4,7', 'text ä', 'at 6,7'])
  point(8)
  wheel(120)
  shown()
  t.same(done(), ['wheel 0,120 1,7'], 'the wheel says itself where it is')
  t.end()
})

t.test('modifiers go down before the button or the wheel that needs them', (t) => {
  const { point, keys, wheel, done } = steering()
  keys('down ControlLeft Control [C]')
  t.same(done(), [])
  point(3, 1, CONTROL)
  point(3, 0, CONTROL)
  keys('up ControlLeft Control')
  t.same(done(), ['ControlLeft down', 'left down 3,7', 'left up 3,7', 'ControlLeft up'])
  keys('down ControlLeft Control [C]')
  wheel(120, CONTROL)
  wheel(-120, CONTROL)
  t.same(done(), ['ControlLeft down', 'wheel 0,120 1,7', 'wheel 0,-120 1,7'])
  // Its release was not seen, for the keyboard was elsewhere.
  point(4)
  t.same(done(), ['ControlLeft up'])
  t.end()
})

t.test('two fingers on a touchpad zoom, and leave no Control behind', (t) => {
  const { wheel, clock, done } = steering()
  wheel(40, CONTROL)
  t.same(done(), ['ControlLeft down', 'wheel 0,40 1,7', 'ControlLeft up'])
  clock.turn(1000)
  t.same(done(), [])
  t.end()
})

t.test('a modifier pressed while something is dragged counts at once', (t) => {
  const { steering: made, point, done } = steering()
  point(3, 1)
  made.key({ ...keyInput('down ControlLeft Control [C]'), isDragging: made.isDragging } as ReturnType<
    typeof keyInput
  >)
  t.same(done(), ['left down 3,7', 'ControlLeft down'])
  t.end()
})

t.test('[K5] while anything is down the agent hears of it five times a second', (t) => {
  const { point, keys, clock, done } = steering()
  clock.turn(1000)
  t.same(done(), [])
  keys('down ArrowUp ArrowUp')
  point(3, 1)
  done()
  clock.turn(1000)
  t.same(done(), Array(5).fill('holding'))
  keys('up ArrowUp ArrowUp')
  clock.turn(200)
  point(3, 0)
  t.same(done(), ['ArrowUp up', 'holding', 'left up 3,7'])
  clock.turn(1000)
  t.same(done(), [])
  t.end()
})

t.test('[K5] letting go forgets what is pressed, and says it once', (t) => {
  const { steering: made, point, keys, clock, shown, done } = steering()
  keys('down ControlLeft Control [C]', 'down KeyA a [C]')
  point(3, 1, CONTROL)
  point(4, 1, CONTROL)
  done()
  made.letGo()
  made.letGo()
  shown()
  clock.turn(1000)
  t.same(done(), ['let go'])
  keys('up KeyA a [C]', 'up ControlLeft Control')
  point(4, 0)
  t.same(done(), [], 'their releases are of no more use')
  // Alt was pressed for the expert's own window switcher, and released there.
  keys('down AltLeft Alt [A]')
  made.letGo()
  keys('up AltLeft Alt')
  t.same(done(), [])
  t.end()
})

t.test('[K2] once the customer holds nothing is sent, and nothing is kept for later', (t) => {
  const { steering: made, point, keys, wheel, shown, clock, done } = steering()
  point(3, 1)
  made.turn(false)
  t.same(done(), ['left down 3,7', 'let go'])
  point(5, 1)
  keys('down KeyC c [C]', 'text x', 'down Enter Enter')
  wheel(120)
  made.chord(['F1'])
  made.letGo()
  shown()
  clock.turn(1000)
  t.same(done(), [])
  made.turn(true)
  keys('down Enter Enter [r]')
  point(6, 1)
  shown()
  t.same(done(), ['at 6,7'], 'a button or key held all the time is not pressed anew')
  made.close()
  t.same(done(), ['let go'])
  t.end()
})

t.test('special keys go down in order and up in the other', (t) => {
  const { steering: made, done } = steering()
  made.chord(['ControlLeft', 'AltLeft', 'Delete'])
  t.same(done(), [
    'ControlLeft down',
    'AltLeft down',
    'Delete down',
    'Delete up',
    'AltLeft up',
    'ControlLeft up',
  ])
  t.end()
})

t.test('showing follows the hand ten times a second, and ends where it ends', (t) => {
  const clock = new TurnedClock()
  const places: string[] = []
  const show = new ShowPointer((x, y) => places.push(`${x},${y}`), clock)
  for (let x = 0; x < 50; x++) {
    show.at(x, 0)
    clock.turn(10)
  }
  clock.turn(1000)
  t.same(places, ['0,0', '9,0', '19,0', '29,0', '39,0', '49,0'])
  show.at(1, 1)
  show.at(2, 2)
  show.close()
  clock.turn(1000)
  t.equal(places.at(-1), '1,1')
  t.end()
})

t.test('every deed is the call of the same name', (t) => {
  const session = new FakeSession()
  const hands: RemoteHands = session.hands
  doWith(hands, { t: 'at', x: 1, y: 2 })
  doWith(hands, { t: 'button', button: 'back', isDown: true, x: 1, y: 2 })
  doWith(hands, { t: 'wheel', dx: 1, dy: 2, x: 3, y: 4 })
  doWith(hands, { t: 'text', text: 'ß' })
  doWith(hands, { t: 'key', code: 'KeyA', isDown: false, character: 'a' })
  t.same(session.handCalls, ['at 1,2', 'back down 1,2', 'wheel 1,2 3,4', 'text ß', 'KeyA up a'])
  t.end()
})
