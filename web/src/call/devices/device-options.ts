/** Which devices of a kind there are to choose from. */

export interface DeviceOption {
  readonly id: string
  /** Empty until the browser may tell (permission given). */
  readonly label: string
}

/** Each once: Firefox lists two that have one name on the sound server with one id, and opens the same for both. */
export function optionsOf(
  devices: readonly Pick<MediaDeviceInfo, 'kind' | 'deviceId' | 'label'>[],
  kind: MediaDeviceKind,
): readonly DeviceOption[] {
  const options = new Map<string, DeviceOption>()
  for (const { kind: own, deviceId: id, label } of devices) {
    // Without a permission they have no id.
    if (own === kind && id !== '' && !options.has(id)) options.set(id, { id, label })
  }
  return [...options.values()]
}
