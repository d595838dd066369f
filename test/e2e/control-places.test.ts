import t from 'tap'
import { openScene } from '../../deploy/stage/session.ts'
import { until } from '../../deploy/stage/until.ts'
import { pointerPlace } from '../fixtures/keyboard-state.ts'

const scene = await openScene()
t.teardown(() => scene.close())
const { x, expert } = scene

/** Moves the expert's mouse to these pixels of the customer's screen one by one, and tells where it went wrong. */
async function isExactAt(
  places: readonly (readonly [number, number])[],
  left: number,
  top: number,
  most = 0,
): Promise<string[]> {
  const off: string[] = []
  for (const [px, py] of places) {
    const at = await expert.pointOf(px, py)
    await expert.page.mouse.move(at.x, at.y)
    let seen = await pointerPlace(x)
    await until(
      async () => {
        seen = await pointerPlace(x)
        return Math.abs(seen[0] - px - left) <= most && Math.abs(seen[1] - py - top) <= most
      },
      2_000,
      () => '',
    ).catch(() => off.push(`${px},${py} became ${seen[0] - left},${seen[1] - top}`))
  }
  return off
}

t.test(
  'the expert’s pointer is where it points: two monitors of different size and offset, fitted and at actual size',
  async (t) => {
    // The box around both begins away from the root's corner.
    await x.setMonitors({
      left: { x: 40, y: 30, width: 760, height: 860 },
      right: { x: 800, y: 130, width: 600, height: 700 },
    })
    const customer = await scene.openCustomer()
    await scene.share(customer)
    await scene.steer(customer)
    const everywhere = [
      [10, 10],
      [377, 401],
      [759, 859],
      [760, 100],
      [1201, 655],
      [1350, 790],
    ] as const
    // Fitted, the page has fewer pixels than the screen: one of its own is as exact as a hand can be.
    t.same(await isExactAt(everywhere, 40, 30, 1), [], 'both monitors, fitted')
    await expert.page.locator('[data-test="monitor-2"]').click()
    t.same(
      await isExactAt(
        [
          [900, 300],
          [1201, 655],
          [1300, 700],
        ],
        40,
        30,
      ),
      [],
      'the second alone',
    )
    await expert.page.locator('[data-test="zoom-actual"]').click()
    t.same(
      await isExactAt(
        [
          [1000, 400],
          [1001, 401],
          [1100, 450],
        ],
        40,
        30,
      ),
      [],
      'at its actual size',
    )
    t.same(expert.complaints, [])
  },
)
