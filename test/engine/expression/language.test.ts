// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are NiFi's expressions.
import assert from 'node:assert/strict';
import { hostname } from 'node:os';
import { describe, test } from 'node:test';
import { compileExpression, ExpressionSyntaxError } from '../../../server/engine/expression/compile.ts';
import { checkAll, evaluate, evaluationOf } from './cases.ts';

describe('escapes', () => {
  checkAll({ abc: 'xyz', xyz: 'hello', $xyz: 'good-bye', attr: 'My Valuee', foo: 'bar', x: 'C:\\test\\1.txt', y: 'y\ny', xx: "say 'hi'" }, [
    ['${abc}', 'xyz'],
    ['$${abc}', '${abc}'],
    ['$$${abc}', '$xyz'],
    ['$$$${abc}', '$${abc}'],
    ['$$$$${abc}', '$$xyz'],
    ['I owe you $5', 'I owe you $5'],
    ['You owe me $$5 too', 'You owe me $$5 too'],
    ['Unescaped $$${5 because no closing brace', 'Unescaped $$${5 because no closing brace'],
    ['Unescaped $$${5} because no closing brace', /Unexpected '5'/],
    ["Unescaped $$${'5'} because no closing brace", 'Unescaped $ because no closing brace'],
    ['${abc} owes me $5', 'xyz owes me $5'],
    ['${abc} owes me ${5', 'xyz owes me ${5'],
    ["${abc} owes me $$${'5'}", 'xyz owes me $'],
    ['${foo}$${foo}$$${foo}', 'bar${foo}$bar'],
    ['foo$${foo}bar$${bar}', 'foo${foo}bar${bar}'],
    ['foo${foo}$${foo}bar${bar}$${bar}', 'foobar${foo}bar${bar}'],
    ["${literal('SNAP$$$$$$$$$')}", 'SNAP$$$$$$$$$'],
    ["${literal('$${abc}')}", '${abc}'],
    ["${'$$${abc}'}", 'good-bye'],
    ['${${abc}}', 'hello'],
    ["${'$xyz'}", 'good-bye'],
    ['{ ${abc} }', '{ xyz }'],
    ["'${abc}'", "'xyz'"],
    ['"${abc}', '"xyz'],
    ["${attr:replaceAll('My (Val)ue{1,2}', '$1')}", 'Val'],
    ["${x:substringAfterLast( '/' ):substringAfterLast( '\\\\' )}", '1.txt'],
    ["${y:equals('y\\ny')}", 'true'],
    ['${xx:replaceAll( "\'.*\'", \'\\"hello\\"\' )}', 'say "hello"'],
    ['${xx:replace( "\'", \'"\')}', 'say "hi"'],
    ["${xx:replace( '\\'', '\"')}", 'say "hi"'],
    ["${literal('a\\tb\\\\n\\d')}", 'a\tb\\n\\d'],
    ["${literal('${xx:replace(\\'say\\', \"\")}!')}", " 'hi'!"],
    ['', ''],
    ['plain', 'plain'],
    ['$', '$'],
    ['${', '${'],
    ['}${', '}${'],
  ]);
});

describe('structure', () => {
  checkAll(
    {
      abc: 'xyz',
      'my attr': 'mine',
      attr: 'XX ',
      XX: 'My Value',
      YXXX: 'bingo',
      b: 'x',
      abcxcba: 'hello',
      'a.b-c_d': 'dots',
      UUID: '123',
      count: 'c',
      true: 't',
      x: 'false',
      a: 'a',
      fox: 'quick, brown',
      dog: 'lazy',
      '#tag': 'hash',
      'a#b': 'inner',
    },
    [
      ["${'my attr'}", 'mine'],
      ['${"my attr"}', 'mine'],
      ['${a.b-c_d}', 'dots'],
      ['${     abc   : equals(${    abc})  }', 'true'],
      ['${abc my}', /Unexpected 'my', expected : or }/],
      ['${${attr:trim()}}', 'My Value'],
      ["${${attr:trim():append('X'):prepend('Y'):replace('XXX', 'XX'):append('X')}}", 'bingo'],
      ["${ 'abc${b}cba':substring(0, 1) }", 'h'],
      ["${ 'UUID':toNumber():equals(123) }", 'true'],
      ['${count}', 'c'],
      ['${true}', 't'],
      ['${x:or( ${${a}:length():equals(1)} )}', 'true'],
      ["${fox:substring( ${ 'dog' :substring(2):length()}, 5 ):equals( 'ick' )}", 'true'],
      ['${# ref attr\n\tabc\t#end ref attr\n}', 'xyz'],
      ["${abc:append('# hello') #good-bye \n}", 'xyz# hello'],
      ["${abc # it's } here\n}", 'xyz'],
      ['${a#b}', 'inner'],
      ["${'#tag'}", 'hash'],
      ['${abc #never ends}', /comment must end with a line break/],
      ['Hello, ${abc}${dog}${missing}!', 'Hello, xyzlazy!'],
      ['${}', /Unexpected '}'/],
      ['${abc:}', /expected the name of a function/],
      ['${abc:toUpper}', /expected \( after toUpper/],
      ['${abc:toUpper(}', /expected a value/],
      ['${abc:append(def)}', /write 'def' for the text or \$\{def} for the attribute/],
      ['${abc:indexOf(length())}', /expected a value/],
      ['${a;b}', /Unexpected character ';'/],
      ['${5abc}', /a name that begins with a digit needs quotes/],
      ["${abc:append('x)}", "${abc:append('x)}"],
    ],
  );
});

describe('what is wrong is named', () => {
  checkAll({}, [
    ['${attr:touper()}', /There is no function touper\(\); did you mean toUpper\?/],
    ['${attr:times(3)}', /There is no function times\(\)/],
    ['${attr:constructor()}', /There is no function constructor\(\)/],
    ['${attr:uuid()}', /There is no function uuid\(\)/],
    ['${UUID():nextInt()}', /nextInt\(\) takes no subject/],
    ['${toUpper()}', /toUpper\(\) needs a subject/],
    ['${hostnam()}', /did you mean hostname\?/],
    ['${attr:trim(1)}', /trim\(\) takes 0 arguments, not 1/],
    ["${attr:replace('a')}", /replace\(\) takes 2 arguments, not 1/],
    ['${attr:substring()}', /substring\(\) takes 1 to 2 arguments, not 0/],
    ["${getUri('https', 'admin:admin')}", /getUri\(\) takes 7 arguments, not 2/],
    ['${fileSize:noSuchFunction()}', /noSuchFunction/],
  ]);

  test('an error carries its position', () => {
    assert.throws(
      () => compileExpression('abc ${x:nope()}', () => undefined),
      (error) => error instanceof ExpressionSyntaxError && error.position === 8,
    );
  });
});

describe('functions without a subject', () => {
  checkAll({ key: 'k' }, [
    [
      "${getUri('https', 'admin:admin', 'nifi.apache.org', '1234', '/path/data ', 'key=value &key2=value2', 'frag1')}",
      'https://admin:admin@nifi.apache.org:1234/path/data%20?key=value%20&key2=value2#frag1',
    ],
    ["${getUri('https', null, 'nifi.apache.org', 8443, '/docs.html', null, null)}", 'https://nifi.apache.org:8443/docs.html'],
    ["${getUri('http', null, 'nifi.apache.org', -1, '/docs.html', null, null)}", 'http://nifi.apache.org/docs.html'],
    ["${getUri('https', null, '::1', 1, '/ü %', null, null)}", 'https://[::1]:1/ü%20%25'],
    ["${getUri('https', 'a', 'nifi.apache.org', 'notANumber', '/', null, null)}", /'notANumber' is not a number/],
    ["${getUri('https', null, 'h', 1, 'relative', null, null)}", /must begin with a slash/],
    ['${hostname()}', hostname()],
    ['${hostname(true)}', hostname()],
    ["${hostname('x')}", /takes true or false/],
    ["${ip():matches('[0-9.]+')}", 'true'],
    ["${UUID():matches('[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}')}", 'true'],
    ['${random():ge(0)}', 'true'],
    ['${random():mod(10):plus(1):le(10)}', 'true'],
    ['${thread():length():gt(0)}', 'true'],
    ["${getStateValue('count')}", ''],
  ]);

  test('nextInt counts', () => {
    assert.equal(Number(evaluate('${nextInt()}')) + 1, Number(evaluate('${nextInt()}')));
  });

  test('getStateValue reads the state', () => {
    const on = evaluationOf({ key: 'k' }, { count: '20', k: 'v' });
    const value = (text: string) => compileExpression(text, () => undefined).evaluate(on);
    assert.deepEqual(['${getStateValue("count"):plus(1)}', '${getStateValue(${key})}', '${getStateValue("none")}'].map(value), ['21', 'v', '']);
  });
});

test('constant and resultType', () => {
  const facts = (text: string) => {
    const { constant, resultType } = compileExpression(text, () => undefined);
    return [constant, resultType];
  };
  const table: [string, string | undefined, string][] = [
    ['plain', 'plain', 'string'],
    ['$${x}', '${x}', 'string'],
    ['##{x}', '#{x}', 'string'],
    ['${x}', undefined, 'string'],
    ['${literal(5)}', undefined, 'string'],
    ['${x:isNull()}', undefined, 'boolean'],
    [' ${x:isNull()}', undefined, 'string'],
    ['${x:toNumber()}', undefined, 'number'],
    ['${x:length()}', undefined, 'number'],
    ['${x:toDecimal()}', undefined, 'decimal'],
    ['${x:plus(1)}', undefined, 'numeric'],
    ['${now()}', undefined, 'date'],
    ['${x:toInstant()}', undefined, 'instant'],
    ['${anyAttribute("x"):isNull()}', undefined, 'boolean'],
    ['${allAttributes("x"):count()}', undefined, 'number'],
  ];
  for (const [text, constant, resultType] of table) assert.deepEqual(facts(text), [constant, resultType]);
});
