/** Letters, digits and marks that mean nothing in an MQTT topic, an IoT policy or a URL. */
const identifier = /^[A-Za-z0-9_.=@|-]{1,100}$/;

/** Whether a site of this name can be signalled for: it stands in MQTT topics and in the policies that open them. */
export const isSiteId = (text: string): boolean => identifier.test(text);
