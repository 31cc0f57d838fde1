import { PROXY_CONFIGURATION, type ProxySettings } from '../../server/extension/http-services.ts';
import { choices } from '../../server/extension/choices.ts';
import { property } from '../../server/extension/property.ts';
import { defineControllerService } from '../../server/extension/service.ts';

export default defineControllerService({
  nifi: { package: 'org.apache.nifi.proxy', bundle: 'nifi-proxy-configuration-nar' },
  description: 'Says through which proxy other components reach the outside.',
  tags: ['Proxy'],
  provides: [PROXY_CONFIGURATION],
  properties: {
    type: property.choice('Proxy Type', 'DIRECT uses none', choices('DIRECT', 'HTTP', 'SOCKS'), { default: 'DIRECT' }),
    socks: property.choice('SOCKS Version', 'The version of the SOCKS protocol', choices('SOCKS4', 'SOCKS5'), { default: 'SOCKS5', dependsOn: { 'Proxy Type': ['SOCKS'] } }),
    host: property.text('Proxy Server Host', 'Name or address of the proxy', { expressions: 'environment' }),
    port: property.text('Proxy Server Port', 'Its port', { expressions: 'environment' }),
    user: property.text('Proxy User Name', 'For proxies that ask who comes', { expressions: 'environment' }),
    password: property.text('Proxy User Password', 'For proxies that ask who comes', { sensitive: true, expressions: 'environment' }),
  },
  validate({ type, socks, host, port }) {
    if (type === 'DIRECT') return [];
    if (type === 'SOCKS' && socks === 'SOCKS4') return ['SOCKS Version SOCKS4 is not supported by this runtime: choose SOCKS5'];
    const isPort = /^\d{1,5}$/.test(port ?? '') && Number(port) > 0 && Number(port) < 65_536;
    return [...(host ? [] : ['Proxy Server Host must be set for a proxy']), ...(isPort ? [] : ['Proxy Server Port must be a number from 1 to 65535'])];
  },
  onEnabled: ({ properties: { type, socks, host = '', port, user, password } }): ProxySettings => ({
    type,
    socksVersion: socks === 'SOCKS4' ? 4 : 5,
    host,
    port: Number(port ?? 0),
    user,
    password,
  }),
});
