import t from 'tap'
import { admitSignal, type SignalRules } from '../../peer/admitted-signal.ts'
import type { SignalData } from '../../protocol/messages/relayed.ts'

const CHANNELS = 'm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:1\r\n'
const video = (...lines: string[]) => ['m=video 9 UDP/TLS/RTP/SAVPF 96', ...lines, ''].join('\r\n')
const sdp = (...sections: string[]) => `v=0\r\ns=-\r\nt=0 0\r\n${sections.join('')}`

/** The agent: it calls, and sends the film. */
const AGENT: SignalRules = { isInitiator: true, isDescribed: false, theirDirection: 'recvonly' }
const EXPERT: SignalRules = { isInitiator: false, isDescribed: false, theirDirection: 'sendonly' }
const RECORDER: SignalRules = { isInitiator: false, isDescribed: false, theirDirection: undefined }
const TO_RECORDER: SignalRules = { ...RECORDER, isInitiator: true }

const answer = (...sections: string[]): SignalData => ({ type: 'answer', sdp: sdp(...sections) })
const offer = (...sections: string[]): SignalData => ({ type: 'offer', sdp: sdp(...sections) })

t.test('what each end is there for is admitted, and nothing beside it', async (t) => {
  const candidate = { candidate: 'candidate:1', sdpMid: '0' }
  t.same(admitSignal({ type: 'candidate', candidate }, AGENT), { candidate })
  t.same(admitSignal({ candidate }, { ...AGENT, isDescribed: true }), { candidate })
  const good: [SignalData, SignalRules][] = [
    [answer(video('a=recvonly'), CHANNELS), AGENT],
    [answer(video('a=inactive'), CHANNELS), AGENT],
    [answer(CHANNELS), AGENT],
    [offer(video('a=sendonly'), CHANNELS), EXPERT],
    [offer(CHANNELS), EXPERT],
    [offer(CHANNELS), RECORDER],
    [answer(CHANNELS), TO_RECORDER],
  ]
  for (const [signal, rules] of good) t.same(admitSignal(signal, rules), signal, signal.sdp!)
  const extra = { ...answer(CHANNELS), candidate }
  t.same(admitSignal(extra, AGENT), answer(CHANNELS), 'one thing at a time')
})

t.test('[S2] no end can be made to take, or to send, what it is not there for', async (t) => {
  const bad: [string, SignalData, SignalRules][] = [
    ['an expert who sends', answer(video('a=sendonly'), CHANNELS), AGENT],
    ['an expert who sends too', answer(video('a=sendrecv'), CHANNELS), AGENT],
    ['no direction, which means both', answer(video(), CHANNELS), AGENT],
    ['two directions, of which the last counts', answer(video('a=recvonly', 'a=sendrecv'), CHANNELS), AGENT],
    ['a direction for all', answer('a=sendrecv\r\n', video('a=recvonly'), CHANNELS), AGENT],
    ['a direction with a tail', answer(video('a=sendrecv x'), CHANNELS), AGENT],
    ['two films', answer(video('a=recvonly'), video('a=recvonly'), CHANNELS), AGENT],
    ['sound', answer(video('a=recvonly'), 'm=audio 9 X 0\r\na=inactive\r\n', CHANNELS), AGENT],
    ['no channels', answer(video('a=recvonly')), AGENT],
    ['nothing', answer(), AGENT],
    ['an offer to the caller', offer(video('a=sendonly'), CHANNELS), AGENT],
    ['a second answer', answer(CHANNELS), { ...AGENT, isDescribed: true }],
    ['a provisional answer', { ...answer(CHANNELS), type: 'pranswer' }, AGENT],
    ['a roll-back', { type: 'rollback', sdp: '' }, AGENT],
    ['a wish for a transceiver', { transceiverRequest: { kind: 'video' } }, AGENT],
    ['a wish to negotiate again', { renegotiate: true }, AGENT],
    ['nothing at all', {}, AGENT],
    ['a customer who wants to see', offer(video('a=recvonly'), CHANNELS), EXPERT],
    ['a customer who wants both', offer(video('a=sendrecv'), CHANNELS), EXPERT],
    ['an answer to the callee', answer(video('a=recvonly'), CHANNELS), EXPERT],
    ['a second offer', offer(CHANNELS), { ...EXPERT, isDescribed: true }],
    ['film for the recorder', offer(video('a=sendonly'), CHANNELS), RECORDER],
    ['even a silent one', offer(video('a=inactive'), CHANNELS), RECORDER],
    ['film from the recorder', answer(video('a=sendonly'), CHANNELS), TO_RECORDER],
  ]
  for (const [what, signal, rules] of bad) t.equal(admitSignal(signal, rules), null, what)
  const unixLines = answer(video('a=recvonly'), CHANNELS).sdp!.replaceAll('\r\n', '\n')
  t.ok(admitSignal({ type: 'answer', sdp: unixLines }, AGENT))
  t.equal(admitSignal({ type: 'answer', sdp: `${unixLines}m=video 9 X 96\na=sendonly\n` }, AGENT), null)
})
