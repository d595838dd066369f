import t from 'tap'
import { httpSource, splitEntries } from '../../expert-ui/playback/http-source.ts'
import { SourceFailed } from '../../expert-ui/playback/source.ts'

function chunk(...entries: readonly number[][]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(entries.flatMap((entry) => [0, 0, 0, entry.length, ...entry]))
}

function source(answer: (path: string) => Response | Promise<Response>) {
  const asked: string[] = []
  return {
    asked,
    source: httpSource('op/1', async (path) => {
      asked.push(path)
      return answer(path)
    }),
  }
}

t.test('[R7] entries and wraps come by the two routes of the opening', async (t) => {
  const { source: http, asked } = source((path) =>
    path.endsWith('/wraps')
      ? new Response('{"t":"wraps"}')
      : new Response(chunk([1, 2], [], [3]), { headers: { 'x-next': '10' } }),
  )
  t.equal(new TextDecoder().decode(await http.wraps()), '{"t":"wraps"}')
  const { entries, next } = await http.read(7)
  t.same(
    entries.map((entry) => [...entry]),
    [[1, 2], [], [3]],
  )
  t.equal(next, 10)
  t.same(asked, ['/api/openings/op%2F1/wraps', '/api/openings/op%2F1/entries?from=7'])
})

t.test('without the header it was the last chunk', async (t) => {
  const { source: http } = source(() => new Response(chunk([1])))
  t.equal((await http.read(0)).next, null)
})

t.test('[S2] a chunk that does not fit together is refused', async (t) => {
  for (const bytes of [
    [0, 0, 0],
    [0, 0, 0, 2, 1],
    [0xff, 0, 0, 0, 1],
  ])
    t.throws(() => splitEntries(new Uint8Array(bytes)), SourceFailed)
  for (const next of ['6', '8', '0', '-1', '7.0', '1e1', 'x', '']) {
    const { source: http } = source(() => new Response(chunk([1], [2]), { headers: { 'x-next': next } }))
    const failed = await http.read(5).catch((error) => error)
    t.ok(failed instanceof SourceFailed, `x-next "${next}"`)
  }
})

t.test('[S2] more than is taken is not read to its end', async (t) => {
  let given = 0
  const endless = new ReadableStream({
    pull(controller) {
      given += 1024 * 1024
      controller.enqueue(new Uint8Array(1024 * 1024))
    },
  })
  const { source: http } = source(() => new Response(endless))
  t.match(await http.wraps().catch((error) => error), { failure: 'malformed' })
  t.ok(given < 8 * 1024 * 1024)
})

t.test('what the service says, the page can say', async (t) => {
  for (const [status, failure] of [
    [401, 'not-allowed'],
    [403, 'not-allowed'],
    [404, 'gone'],
    [410, 'gone'],
    [500, 'unreachable'],
  ] as const) {
    const { source: http } = source(() => new Response('secret words', { status }))
    t.match(await http.read(0).catch((error) => error), { failure }, String(status))
  }
  const { source: http } = source(() => Promise.reject(new TypeError('no line')))
  t.match(await http.wraps().catch((error) => error), { failure: 'unreachable' })
})
