import t from 'tap'
import { done, openControl, pictureBox } from './control-stage.ts'
import { ONE_MONITOR, TWO_MONITORS } from './sample-desktop.ts'
import { STEERING, YIELDING } from './sample-watching.ts'

t.test('the mouse moves, presses and drags, also out of the picture and out of the window', async (t) => {
  const page = await openControl()
  t.teardown(() => page.close())
  const { mouse } = page.page
  const box = await pictureBox(page)
  const scale = box.width / ONE_MONITOR.width
  const at = (x: number, y: number) => [box.x + x * scale, box.y + y * scale] as const
  const near = (call: string, what: string, x: number, y: number) => {
    const [, told, toldX, toldY] = /^(.*) (\d+),(\d+)$/.exec(call) ?? []
    t.equal(told, what)
    t.ok(Math.abs(Number(toldX) - x) <= 2 && Math.abs(Number(toldY) - y) <= 2, `${call} is near ${x},${y}`)
  }

  await mouse.move(...at(400, 300))
  near((await done(page)).at(-1)!, 'at', 400, 300)
  await mouse.down()
  await mouse.up()
  await mouse.down({ button: 'right' })
  await mouse.up({ button: 'right' })
  await mouse.down({ button: 'middle' })
  await mouse.up({ button: 'middle' })
  const clicks = await done(page)
  t.same(
    clicks.map((call) => call.replace(/ \d+,\d+$/, '')),
    ['left down', 'left up', 'right down', 'right up', 'middle down', 'middle up'],
  )

  await mouse.move(...at(1800, 300))
  await mouse.down()
  await done(page)
  // Over the chat and then out of the window: the drag stays at the picture's edge.
  await mouse.move(1300, 400)
  near((await done(page)).at(-1)!, 'at', 1919, (400 - box.y) / scale)
  await mouse.move(-50, -80)
  near((await done(page)).at(-1)!, 'at', 0, 0)
  await mouse.up()
  near((await done(page)).at(-1)!, 'left up', 0, 0)
  await mouse.move(-60, -80)
  await mouse.move(1300, 400)
  t.same(await done(page), [], 'beside the picture the mouse is the page’s')
})

t.test('the bars beside the picture are nothing of the customer’s', async (t) => {
  const page = await openControl()
  t.teardown(() => page.close())
  const box = await pictureBox(page)
  await page.page.mouse.move(box.x + 50, box.y - 20)
  await page.page.mouse.down()
  await page.page.mouse.up()
  await page.page.mouse.wheel(0, 100)
  t.same(await done(page), [])
})

t.test('the browser keeps its own ways with a mouse to itself', async (t) => {
  const page = await openControl()
  t.teardown(() => page.close())
  await page.page.evaluate(() => {
    history.pushState(null, '', '#here')
    Object.assign(globalThis, { acted: [] as string[] })
    for (const type of ['mousedown', 'mouseup', 'auxclick', 'contextmenu', 'dragstart', 'wheel'])
      addEventListener(type, (event) => {
        if (!event.defaultPrevented) (globalThis as unknown as { acted: string[] }).acted.push(type)
      })
  })
  const { x, y } = await pictureBox(page)
  await page.page.mouse.move(x + 200, y + 200)
  for (const button of ['left', 'middle', 'right'] as const) {
    await page.page.mouse.down({ button })
    await page.page.mouse.move(x + 260, y + 220, { steps: 3 })
    await page.page.mouse.up({ button })
  }
  await page.page.mouse.wheel(0, 100)
  const cdp = await page.page.context().newCDPSession(page.page)
  for (const button of ['back', 'forward'] as const)
    for (const type of ['mousePressed', 'mouseReleased'] as const)
      await cdp.send('Input.dispatchMouseEvent', {
        type,
        button,
        buttons: type === 'mousePressed' ? (button === 'back' ? 8 : 16) : 0,
        x: x + 260,
        y: y + 220,
        clickCount: 1,
      })
  t.same(await page.page.evaluate(() => (globalThis as unknown as { acted: string[] }).acted), [])
  t.equal(new URL(page.page.url()).hash, '#here')
  const calls = await done(page)
  for (const call of ['back down', 'back up', 'forward down', 'forward up'])
    t.ok(
      calls.some((line) => line.startsWith(call)),
      call,
    )
})

t.test('the wheel turns there, not here, and with what is held', async (t) => {
  const page = await openControl()
  t.teardown(() => page.close())
  const { x, y } = await pictureBox(page)
  await page.page.mouse.move(x + 200, y + 200)
  await page.page.mouse.down()
  await page.page.mouse.up()
  await done(page)
  await page.page.mouse.wheel(0, 120)
  await page.page.mouse.wheel(-120, 0)
  await page.page.keyboard.down('Control')
  await page.page.mouse.wheel(0, -120)
  await page.page.keyboard.up('Control')
  await page.page.keyboard.down('Shift')
  await page.page.mouse.wheel(0, 120)
  await page.page.keyboard.up('Shift')
  const calls = await done(page)
  t.same(
    calls.map((call) => call.replace(/ \d+,\d+$/, '')),
    [
      'wheel 0,120',
      'wheel -120,0',
      'ControlLeft down',
      'wheel 0,-120',
      'ControlLeft up',
      'ShiftLeft down',
      'wheel 0,120',
      'ShiftLeft up',
    ],
  )
})

t.test(
  'every display ratio, size and monitor: the pixel under the tip is the one that is sent',
  async (t) => {
    for (const deviceScaleFactor of [1, 1.25, 1.5, 2]) {
      const page = await openControl({ layout: TWO_MONITORS, options: { deviceScaleFactor } })
      for (const size of ['zoom-fit', 'zoom-actual'] as const) {
        for (const [monitor, left, top] of [
          ['monitor-all', 0, 0],
          ['monitor-2', 1920, 56],
        ] as const) {
          await page.at(monitor).click()
          await page.at(size).click()
          const box = await pictureBox(page)
          const scale = box.width / (monitor === 'monitor-all' ? 3200 : 1280)
          const room = (await page.page.getByRole('region').boundingBox())!
          // Whole device pixels near the middle of what can be seen.
          const tip = (start: number, length: number) =>
            Math.round((start + length / 2) * deviceScaleFactor) / deviceScaleFactor
          const [x, y] = [tip(room.x, room.width), tip(room.y, room.height)]
          await page.page.mouse.move(x - 3, y)
          await done(page)
          await page.page.mouse.move(x, y)
          const [, toldX, toldY] = /^at (\d+),(\d+)$/
            .exec((await done(page)).at(-1)!)!
            .map(Number) as number[]
          const half = 0.5 / deviceScaleFactor
          const most = half / scale + 0.51
          const middle = {
            x: left + (x + half - box.x) / scale - 0.5,
            y: top + (y + half - box.y) / scale - 0.5,
          }
          t.ok(
            Math.abs(toldX! - middle.x) <= most && Math.abs(toldY! - middle.y) <= most,
            `${deviceScaleFactor} ${size} ${monitor}: ${toldX},${toldY} for ${middle.x},${middle.y}`,
          )
        }
      }
      await page.close()
    }
  },
)

t.test('at actual size the picture goes on at the room’s edge, and a click stands still', async (t) => {
  const page = await openControl({ layout: TWO_MONITORS })
  t.teardown(() => page.close())
  await page.at('zoom-actual').click()
  const room = page.page.getByRole('region')
  const scrolled = () => room.evaluate(({ scrollLeft, scrollTop }) => [scrollLeft, scrollTop])
  await room.evaluate((element) => element.scrollTo(300, 100))
  const box = (await room.boundingBox())!
  const [x, y] = [box.x + 400, box.y + 300]
  await page.page.mouse.move(x, y)
  await page.page.mouse.down()
  await page.page.mouse.move(x - 100, y, { steps: 3 })
  await page.page.mouse.up()
  await page.page.mouse.wheel(0, 120)
  t.same(await scrolled(), [300, 100], 'dragging and the wheel are the customer’s')

  await page.page.mouse.move(box.x + 6, y)
  await page.page.waitForFunction(() => document.querySelector('[role=region]')!.scrollLeft < 250)
  await page.page.waitForFunction(() => globalThis.fakeSession.handCalls.at(-1)?.startsWith('at '))
  await page.page.mouse.move(x, y)
  const [left] = await scrolled()
  const told = Number(/^at (\d+),/.exec((await done(page)).at(-1)!)![1])
  t.ok(Math.abs(told - (left! + 400)) <= 1, 'the pointer is where the picture has come to')
})

t.test('[K2] once the customer holds the mouse only points', async (t) => {
  const page = await openControl()
  t.teardown(() => page.close())
  const { x, y } = await pictureBox(page)
  await page.page.mouse.move(x + 200, y + 200)
  await page.page.mouse.down()
  await done(page)
  await page.show(YIELDING)
  t.same(await done(page), ['let go'])
  await page.page.mouse.move(x + 260, y + 220, { steps: 3 })
  await page.page.mouse.up()
  await page.page.mouse.wheel(0, 100)
  t.same(await done(page), [])
  await page.show(STEERING)
  await page.page.mouse.move(x + 270, y + 220)
  t.match((await done(page)).join(), /^at \d+,\d+$/)
})
