/** The table at the end of `npm run bench`. */
import { expect, it } from 'vitest'
import { tableOf } from './bench-table.mjs'

it('shows figures with and without a peer in columns', () => {
  const table = tableOf([
    {
      ...{ name: 'frames', metric: 'encrypt', value: 62370, unit: 'frames/s', samples: 15 },
      ...{ peer: 'livekit-client', peerValue: 34430, ratio: 1.81 },
    },
    { name: 'relay', metric: 'load', value: 3.5, unit: '%', samples: 5 },
  ])
  expect(table.split('\n').slice(0, 3)).toEqual([
    'name    metric            value  peer                 its value  ratio  samples',
    'frames  encrypt  62370 frames/s  livekit-client  34430 frames/s   1.81       15',
    'relay   load              3.5 %                                               5',
  ])
})
