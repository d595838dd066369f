import t from 'tap'
import { openScene } from '../../deploy/stage/session.ts'
import { until } from '../../deploy/stage/until.ts'

const scene = await openScene()
t.teardown(() => scene.close())
const { x, expert } = scene

/** Where the X server has the pointer, in pixels of the root window. */
function pointer(): Promise<{ x: number; y: number }> {
  return new Promise((resolve, reject) => {
    x.client.QueryPointer(x.root, (error, place) => {
      if (error) reject(error)
      else resolve({ x: place.rootX, y: place.rootY })
      return true
    })
  })
}

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
    let seen = await pointer()
    await until(
      async () => {
        seen = await pointer()
        return Math.abs(seen.x - px - left) <= most && Math.abs(seen.y - py - top) <= most
      },
      2_000,
      () => '',
    ).catch(() => off.push(`${px},${py} became ${seen.x - left},${seen.y - top}`))
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
      [1359, 799],
    ] as const
    // Fitted, the page has fewer pixels than the screen: what can be pointed at is exact to the page's own pixel.
    t.same(await isExactAt(everywhere.slice(1, 5), 40, 30), [], 'both monitors, fitted')
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
