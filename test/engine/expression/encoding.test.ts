// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are NiFi's expressions.
import { checkAll } from './cases.ts';

checkAll(
  {
    message: 'He didn\'t say, "Stop!"',
    bread: '"bread" & "butter"',
    left: 'But finally, she left',
    plain: 'plain',
    slash: 'a/b\\c\té',
    control: "a\x01b<>'",
    latin: 'special ¡',
    clubs: 'special ♣',
  },
  [
    ['${message:escapeJson()}', 'He didn\'t say, \\"Stop!\\"'],
    ['${slash:escapeJson()}', 'a\\/b\\\\c\\t\\u00E9'],
    ['${bread:escapeXml()}', '&quot;bread&quot; &amp; &quot;butter&quot;'],
    ['${control:escapeXml()}', 'ab&lt;&gt;&apos;'],
    ['${left:escapeCsv()}', '"But finally, she left"'],
    ['${message:escapeCsv()}', '"He didn\'t say, ""Stop!"""'],
    ['${plain:escapeCsv()}', 'plain'],
    ['${bread:escapeHtml3()}', '&quot;bread&quot; &amp; &quot;butter&quot;'],
    ['${latin:escapeHtml3()}', 'special &iexcl;'],
    ['${clubs:escapeHtml3()}', 'special ♣'],
    ['${clubs:escapeHtml4()}', 'special &clubs;'],
    ['${message:escapeHtml4()}', "He didn't say, &quot;Stop!&quot;"],
    ['${missing:escapeXml()}', ''],
  ],
);

checkAll(
  {
    json: 'He didn\'t say, \\"Stop!\\"',
    unicode: '\\u00e9\\n\\/\\x\\101',
    xml: '&quot;bread&quot; &amp; &#98;&#x75;tter&apos; &nbsp; &unknown;',
    csv: '"But finally, she left"',
    quoted: '"plain"',
    html: '&iexcl; &clubs;',
  },
  [
    ['${json:unescapeJson()}', 'He didn\'t say, "Stop!"'],
    ['${unicode:unescapeJson()}', 'é\n/xA'],
    ['${xml:unescapeXml()}', '"bread" & butter\' &nbsp; &unknown;'],
    ['${csv:unescapeCsv()}', 'But finally, she left'],
    ['${quoted:unescapeCsv()}', '"plain"'],
    ['${html:unescapeHtml3()}', '¡ &clubs;'],
    ['${html:unescapeHtml4()}', '¡ ♣'],
  ],
);

checkAll(
  {
    url: 'https://nifi.apache.org/some value with spaces',
    encoded: 'https%3A%2F%2Fnifi.apache.org%2Fsome+value+with+spaces',
    percent: 'https://nifi.apache.org/some%20value%20with%20spaces',
    odd: "a*b!c'(d)~é",
    bad: '100%',
    userpass: 'admin:admin',
    b64: 'YWRtaW46YWRtaW4=',
    unpadded: 'YWRtaW46YWRtaW4',
    notB64: 'a b c',
  },
  [
    ['${url:urlEncode()}', 'https%3A%2F%2Fnifi.apache.org%2Fsome+value+with+spaces'],
    ['${odd:urlEncode()}', 'a*b%21c%27%28d%29%7E%C3%A9'],
    ['${encoded:urlDecode()}', 'https://nifi.apache.org/some value with spaces'],
    ['${percent:urlDecode()}', 'https://nifi.apache.org/some value with spaces'],
    ['${odd:urlEncode():urlDecode()}', "a*b!c'(d)~é"],
    ['${bad:urlDecode()}', /two hexadecimal digits/],
    ['${userpass:base64Encode()}', 'YWRtaW46YWRtaW4='],
    ['${b64:base64Decode()}', 'admin:admin'],
    ['${unpadded:base64Decode()}', 'admin:admin'],
    ['${notB64:base64Decode()}', /not Base64/],
    ['${missing:base64Encode()}', ''],
  ],
);

checkAll({ attr: 'string value', myattr0: 'u5IkOYFFvYioYBJSNI2XNjPaVoRjXYnr', myattr9: 'WxiyO8Gzw0jQnBlYeZMcdNTwCWJe5MNg', nbr: '10' }, [
  ["${attr:UUID3('b9e81de3-7047-4b5e-a822-8fff5b49f808')}", 'bf0ea246-a177-3300-bd7e-d4c9e973dc6f'],
  ["${attr:UUID5('245b55a8-397d-4480-a41e-16603c8cf9ad')}", '4d111477-5100-5f2d-ae79-b38bbe15aa78'],
  ["${myattr0:UUID3('b9e81de3-7047-4b5e-a822-8fff5b49f808')}", '7ab88cc4-7748-3214-812a-1bc4500a911a'],
  ['${myattr9:UUID3(${missing})}', 'f2d25da2-cc06-34de-80a3-cf64aff82020'],
  ['${myattr9:UUID5(${missing})}', '0231a7bf-7bbe-5a0c-8bbd-9c7bc2e95071'],
  ['${myattr0:UUID5(${UUID()}):length()}', '36'],
  ["${missing:UUID5('245b55a8-397d-4480-a41e-16603c8cf9ad')}", ''],
  ["${attr:UUID3('nope')}", /not a UUID/],
  ["${literal('john'):hash('MD5')}", '527bd5b5d689e2c32ae974c6229ff785'],
  ["${attr:hash('MD5')}", '64e58419496c7248b4ef25731f88b8c3'],
  ["${attr:hash('SHA-1')}", '34990db823e7bb2b47278a7fbf08c62d9e8e4307'],
  ["${attr:hash('SHA-256')}", '9b6a1a9167a5caf3f5948413faa89e0ec0de89e12bef55327442e60dcc0e8c9b'],
  ["${nbr:toNumber():hash('MD5')}", 'd3d9446802a44259755d38e6d163e820'],
  ["${attr:hash('NOT_A_ALGO')}", /not a hash algorithm/],
]);
