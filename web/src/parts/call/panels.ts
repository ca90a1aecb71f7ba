/** The panels beside the pictures; one at a time is open. */
export type PanelName = 'people' | 'devices' | 'chat' | 'security'
