// The fields of request bodies: one decorator a kind of field, which both validates it and documents it.
import { applyDecorators } from '@nestjs/common';
import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsString,
  Matches,
  Max,
  Min,
  Validate,
  ValidateIf,
  ValidateNested,
  ValidatorConstraint,
  type ValidationArguments,
  type ValidatorConstraintInterface,
} from 'class-validator';
import { isBlank, isCivilDate, isLanguageTag, isOccurred, isOffsetTime, isTimeZone, isUuid, MAX_LINE_BYTES } from '#kernel';

/** A remark, the longest text that there is. */
export const MAX_TEXT_BYTES = 64 * 1024;
const MAX_LANGUAGES = 24;
const MAX_LIST = 500;

const each = (many: boolean | undefined) => (many ? { each: true } : {});

interface Common {
  says: string;
  optional?: true;
  /** A list of such values. */
  many?: true;
  example?: unknown;
}

const common = (options: Common, documented: ApiPropertyOptions, ...checks: PropertyDecorator[]): PropertyDecorator =>
  applyDecorators(
    ApiProperty({
      ...documented,
      description: options.says,
      required: !options.optional,
      ...(options.many && { isArray: true, maxItems: MAX_LIST }),
      ...(options.example !== undefined && { example: options.example }),
    } as ApiPropertyOptions),
    // Absent, never null: null in an event would be a value of its own.
    ...(options.optional ? [ValidateIf((_, value) => value !== undefined)] : []),
    ...(options.many ? [IsArray(), ArrayMaxSize(MAX_LIST)] : []),
    ...checks,
  );

/** Makes a check from a predicate of the kernel. */
function predicate(name: string, holds: (value: unknown) => boolean, wanted: string) {
  @ValidatorConstraint({ name })
  class Check implements ValidatorConstraintInterface {
    validate(value: unknown): boolean {
      return holds(value);
    }
    defaultMessage({ property }: ValidationArguments): string {
      return `${property} must be ${wanted}`;
    }
  }
  return Check;
}

const UuidCheck = predicate('isUuid', isUuid, 'an id: a UUID in lower case');
const DateCheck = predicate('isCivilDate', isCivilDate, 'a date such as 2024-04-29');
const OffsetTimeCheck = predicate('isOffsetTime', isOffsetTime, 'an RFC 3339 time with an offset, such as 2024-04-29T09:30:00+02:00');
const OccurredCheck = predicate(
  'isOccurred',
  isOccurred,
  'a date such as 2024-04-29, or an RFC 3339 time with an offset such as 2024-04-29T09:30:00+02:00',
);
const ZoneCheck = predicate('isTimeZone', isTimeZone, 'an IANA time zone such as Europe/Brussels');
const LanguageCheck = predicate('isLanguageTag', isLanguageTag, 'a BCP 47 language tag such as en or fr-CH');

export const Id = (options: Common) => common(options, { type: String, format: 'uuid' }, Validate(UuidCheck, each(options.many)));
export const Day = (options: Common) => common(options, { type: String, format: 'date' }, Validate(DateCheck, each(options.many)));
export const When = (options: Common) => common(options, { type: String, example: '2024-04-29' }, Validate(OccurredCheck));
export const Instant = (options: Common) => common(options, { type: String, format: 'date-time' }, Validate(OffsetTimeCheck));
export const Zone = (options: Common) => common(options, { type: String, example: 'Europe/Brussels' }, Validate(ZoneCheck));
export const Language = (options: Common) => common(options, { type: String, example: 'en' }, Validate(LanguageCheck));
export const Flag = (options: Common) => common(options, { type: Boolean }, IsBoolean());

export const OneOf = (values: readonly string[], options: Common) =>
  common(
    options,
    { type: String, enum: [...values] },
    IsIn([...values], { ...each(options.many), message: `$property must be one of ${values.join(', ')}` }),
  );

export const Count = (options: Common & { atLeast?: number; atMost?: number }) =>
  common(
    options,
    { type: Number, format: 'int32', minimum: options.atLeast ?? 0, maximum: options.atMost ?? 1_000_000_000 },
    IsInt(),
    Min(options.atLeast ?? 0),
    Max(options.atMost ?? 1_000_000_000),
  );

/** A symbol, or the number of an item or article: at most 64 printable ASCII characters, open for ever. */
export const Code = (options: Common) =>
  common(
    options,
    { type: String, maxLength: 64 },
    Matches(/^[\x21-\x7e]([\x20-\x7e]{0,62}[\x21-\x7e])?$/, {
      ...each(options.many),
      message: '$property must be 1 to 64 printable ASCII characters, without space at either end',
    }),
  );

@ValidatorConstraint({ name: 'maxBytes' })
class MaxBytes implements ValidatorConstraintInterface {
  validate(value: unknown, { constraints }: ValidationArguments): boolean {
    return typeof value !== 'string' || Buffer.byteLength(value) <= (constraints as number[])[0]!;
  }
  defaultMessage({ property, constraints, value }: ValidationArguments): string {
    return `${property} has ${Buffer.byteLength(String(value))} bytes of UTF-8; at most ${(constraints as number[])[0]} are taken`;
  }
}

@ValidatorConstraint({ name: 'notBlank' })
class NotBlank implements ValidatorConstraintInterface {
  validate(value: unknown): boolean {
    return typeof value !== 'string' || !isBlank(value);
  }
  defaultMessage({ property }: ValidationArguments): string {
    return `${property} should not be empty, nor of characters that show nothing`;
  }
}

export const Line = (options: Common & { atMost?: number }) =>
  common(options, { type: String }, IsString(), Validate(NotBlank), Validate(MaxBytes, [options.atMost ?? MAX_LINE_BYTES]));

@ValidatorConstraint({ name: 'plainObject' })
class PlainObject implements ValidatorConstraintInterface {
  validate(value: unknown): boolean {
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  }
  defaultMessage({ property }: ValidationArguments): string {
    return `${property} must be an object with fields of its own`;
  }
}

/** A text in one language. */
export class TextDto {
  @Language({ says: 'The language of this text.' })
  lang!: string;

  @Line({
    says: 'The text as typed, at most 64 KiB.',
    atMost: MAX_TEXT_BYTES,
    example: 'Customs plays a significant role in facilitating legitimate trade.',
  })
  text!: string;
}

@ValidatorConstraint({ name: 'languagesOnce' })
class LanguagesOnce implements ValidatorConstraintInterface {
  validate(value: unknown): boolean {
    if (!Array.isArray(value)) return true;
    const tags = value.map((each: { lang?: string } | null) => each?.lang);
    return new Set(tags).size === tags.length;
  }
  defaultMessage({ property }: ValidationArguments): string {
    return `${property} must hold each language once; the first is the original`;
  }
}

@ValidatorConstraint({ name: 'shortTexts' })
class ShortTexts implements ValidatorConstraintInterface {
  validate(value: unknown): boolean {
    return (
      !Array.isArray(value) ||
      value.every((each: { text?: unknown } | null) => typeof each?.text !== 'string' || Buffer.byteLength(each.text) <= MAX_LINE_BYTES)
    );
  }
  defaultMessage({ property }: ValidationArguments): string {
    return `${property} may have at most ${MAX_LINE_BYTES} bytes of UTF-8 in each language`;
  }
}

/** A text in one or several languages, the original first. `long`: up to 64 KiB in each, else 4 KiB. */
export const Texts = (options: Common & { long?: true }) =>
  common(
    options,
    { type: [TextDto], example: [{ lang: 'en', text: 'Sample text' }] },
    Validate(LanguagesOnce),
    IsArray(),
    ArrayMinSize(1),
    ArrayMaxSize(MAX_LANGUAGES),
    Validate(PlainObject, { each: true }),
    ValidateNested({ each: true }),
    Type(() => TextDto),
    ...(options.long ? [] : [Validate(ShortTexts)]),
  );

/** A part of the body with fields of its own. */
export const Part = (type: () => new () => object, options: Common) =>
  // The arrow gets its name from the property: by it the OpenAPI document knows that it answers the class later.
  common(options, { type: () => type() }, Validate(PlainObject, each(options.many)), ValidateNested(each(options.many)), Type(type));

@ValidatorConstraint({ name: 'textLists' })
class TextListsCheck implements ValidatorConstraintInterface {
  validate(value: unknown): boolean {
    return Array.isArray(value) && value.length <= MAX_LIST && value.every(isTexts);
  }
  defaultMessage({ property }: ValidationArguments): string {
    return `${property} must be a list of texts, each a list such as [{"lang":"en","text":"…"}] with each language once, not empty and at most ${MAX_LINE_BYTES} bytes of UTF-8`;
  }
}

function isTexts(value: unknown): boolean {
  if (!Array.isArray(value) || value.length === 0 || value.length > MAX_LANGUAGES) return false;
  const seen = new Set<unknown>();
  for (const each of value as ({ lang?: unknown; text?: unknown } | null)[]) {
    if (typeof each !== 'object' || each === null || Object.keys(each).some((key) => key !== 'lang' && key !== 'text')) return false;
    if (!isLanguageTag(each.lang) || seen.has(each.lang)) return false;
    if (typeof each.text !== 'string' || isBlank(each.text) || Buffer.byteLength(each.text) > MAX_LINE_BYTES) return false;
    seen.add(each.lang);
  }
  return true;
}

/** Several texts, each in one or several languages. */
export const TextLists = (options: Common) =>
  common(
    options,
    {
      type: 'array',
      items: { type: 'array', items: { $ref: '#/components/schemas/TextDto' } },
      example: [[{ lang: 'en', text: 'Sample point' }]],
    },
    Validate(TextListsCheck),
  );
