/** What this browser can send and receive, beside what the TCS can. */
import { Device } from 'mediasoup-client'
import type { types } from 'mediasoup-client'
import type { Admission } from '@huisclos/sfu/protocol'

export async function loadDevice(admission: Admission): Promise<types.Device> {
  const device = await Device.factory()
  const routerRtpCapabilities = admission.routerRtpCapabilities as types.RtpCapabilities
  await device.load({ routerRtpCapabilities })
  return device
}
