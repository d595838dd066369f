import t from 'tap'
import { LinkTalk } from '../../expert-ui/session/link-talk.ts'
import type { PictureSink } from '../../expert-ui/session/view.ts'
import { EXPERT_CHANNELS } from '../../peer/channel-specs.ts'
import { agentToExpert, expertToAgent, type LineQuality } from '../../protocol/messages/control-channel.ts'

const control = EXPERT_CHANNELS.control.label

function talk() {
  const said: object[] = []
  let changes = 0
  const made = new LinkTalk(() => 0, {
    send: (label, text) => {
      if (label === control) said.push(expertToAgent.decode(text))
    },
    changed: () => {
      changes++
    },
    notice: () => {},
    broken: () => {},
  })
  return { made, said, changes: () => changes }
}

t.test('what the expert prefers is told now and again on every new link', (t) => {
  const { made, said } = talk()
  made.linked(0)
  t.same(said, [], 'the agent knows the ordinary choice')
  made.prefer('smooth')
  made.linked(1)
  made.prefer('sharp')
  made.linked(2)
  t.same(
    said,
    ['smooth', 'smooth', 'sharp', 'sharp'].map((picture) => ({ t: 'prefer', picture })),
  )
  t.end()
})

t.test('the line is as good as the agent last said, and good on a fresh link', (t) => {
  const { made, changes } = talk()
  const say = (quality: LineQuality) => made.receive(control, agentToExpert.encode({ t: 'line', quality }))
  t.equal(made.view('up').lineQuality, 'good')
  say('poor')
  t.equal(made.view('up').lineQuality, 'poor')
  t.equal(changes(), 1, 'and the page is told')
  made.linked(1)
  t.equal(made.view('up').lineQuality, 'good')
  t.end()
})

t.test('the first frame of a film is told to the agent, of the picture in use alone', (t) => {
  const { made, said } = talk()
  const listeners: ((id: number) => void)[] = []
  const sink = (): PictureSink => ({
    picture: async () => null,
    pointer: () => {},
    reset: () => {},
    film: () => {},
    onFilmShown: (listener) => {
      listeners.push(listener)
      return () => listeners.splice(listeners.indexOf(listener), 1)
    },
  })
  made.drawOn(sink())
  made.drawOn(sink())
  t.equal(listeners.length, 1, 'the picture before is left alone')
  listeners[0]!(7)
  t.same(said, [{ t: 'film-shown', id: 7 }])
  t.end()
})
