// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are NiFi's expressions.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parameterReferences, substituteParameters } from '../../../server/engine/expression/parameter-references.ts';
import { checkAll } from './cases.ts';

describe('parameters in expressions', () => {
  checkAll(
    { abc: 'xyz' },
    [
      ['#{test}', 'unit'],
      ['${#{test}}', 'unit'],
      ["${#{test}:append(' - '):append(#{test})}", 'unit - unit'],
      ["${#{'test param'}}", 'unit 2'],
      ['${#{"test param"}}', 'unit 2'],
      ['${#{test param}}', 'unit 2'],
      ["#{'test param'}/#{test param}", 'unit 2/unit 2'],
      ['${now():format(#{format})}', '2014'],
      ['##{test}', '#{test}'],
      ['###{test}', '#unit'],
      ['####{test}', '##{test}'],
      ['#####{test}', '##unit'],
      ['#{el}', 'XYZ'],
      ['$${x}#{test}', '${x}unit'],
      ['#{escaped}', '${abc}'],
      ['#{reference}', '#{test}'],
      ["${literal('#{test}')}", '#{test}'],
      ["${literal('${#{test}}')}", 'unit'],
      ['#{test}${#{test}:toUpper()}#{test}', 'unitUNITunit'],
      ['#{nope}', /There is no parameter 'nope'/],
      ['${#{nope}}', /There is no parameter 'nope'/],
      ['#{test', '#{test'],
      ['#{}', '#{}'],
      ['#f{oo}', '#f{oo}'],
      ["#{it's}", "#{it's}"],
    ],
    { test: 'unit', 'test param': 'unit 2', format: 'yyyy', el: '${abc:toUpper()}', escaped: '$${abc}', reference: '#{test}' },
  );
});

const references: [string, string[]][] = [
  ['#{foo}', ['foo']],
  ['/#{foo}/#{bar}#{baz}', ['foo', 'bar', 'baz']],
  ['#{\'my param\'} #{"other param"} #{third param}', ['my param', 'other param', 'third param']],
  ['#{foo}#{foo}', ['foo']],
  ['##{foo}', []],
  ['###{foo}', ['foo']],
  ['####{foo}', []],
  ['#####{foo}', ['foo']],
  ...['#foo', 'Some text #{blah foo', '#foo}', '#}foo{', '#f{oo}', '#', '##', '###', '#{', '##{', '#{}', "#{a'b}"].map((text): [string, string[]] => [text, []]),
  ['${#{hello}:toUpper()}', ['hello']],
  ['#{a}${#{hello}:append(#{there})}#{b}', ['a', 'hello', 'there', 'b']],
  ["${#{'my parameter'}:append(#{there})}", ['my parameter', 'there']],
  ["${literal('#{quoted}')}", []],
  ["${literal('${#{inner}}')}", ['inner']],
  ['${abc # not #{this}\n:append(#{that})}', ['that']],
  ['$${#{x}}', ['x']],
  ['${broken;#{x}}', ['x']],
  ['${unclosed #{x}', ['x']],
];
for (const [text, names] of references) test(`references of ${text}`, () => assert.deepEqual(parameterReferences(text), names));

const substitutions: [string, string][] = [
  ['#{foo}', 'bar'],
  ['#{foo}#{bazz}Hello, World!', 'barbazHello, World!'],
  ['##{foo}', '#{foo}'],
  ['####{foo}***#{foo}', '##{foo}***bar'],
  ['${#{foo}}', '${bar}'],
  ['$${x}', '$${x}'],
  ["#{'foo'}", 'bar'],
  ['#{foo', '#{foo'],
];
for (const [text, expected] of substitutions) {
  test(`substitution in ${text}`, () =>
    assert.equal(
      substituteParameters(text, (name) => ({ foo: 'bar', bazz: 'baz' })[name]),
      expected,
    ));
}

test('an unknown parameter is named', () => {
  assert.throws(() => substituteParameters('a #{none}', () => undefined), /There is no parameter 'none'/);
});

test('the value of a parameter stays as it is', () => {
  assert.equal(
    substituteParameters('#{a}', () => '$& $1 #{a}'),
    '$& $1 #{a}',
  );
});
