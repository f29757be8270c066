// Removals over HTTP: an admin orders them, admins and auditors read the register of them.
import { Body, Controller, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ArrayMinSize } from 'class-validator';
import {
  Asking,
  CommandBody,
  Count,
  Details,
  exampleText,
  Line,
  Lists,
  Part,
  Recorder,
  RefusalException,
  Register,
  Sent,
  Texts,
  Writes,
} from '#http';
import { removalRefusals, removeValues, runnerRefusals, type RemovedValue } from '#event-store';
import { isRefusal, type LocalizedText } from '#kernel';
import { findText, type TextInRecord } from './find-text.js';
import { Records } from './records.js';
import { RemovalExecutor } from './removal-executor.js';
import { removals, removalsList } from './removals.projection.js';

/** How long an answer waits until nothing is left in any file. */
const CLEARED_WITHIN_MS = 20_000;

export class TextInRecordDto implements TextInRecord {
  @Count({ says: 'The number of the record.', atLeast: 1 })
  record!: number;

  @Line({ says: 'JSON pointer to the text in one language, in the record as GET /records shows it.', example: '/data/text/0/text' })
  pointer!: string;
}

export class RemoveValuesBody extends CommandBody {
  @Part(() => TextInRecordDto, { says: 'The texts that are to go.', many: true })
  @ArrayMinSize(1)
  values!: TextInRecordDto[];

  @Texts({ says: 'Why.' })
  reason!: LocalizedText;

  @Texts({ says: 'On what authority: the order, or the law.' })
  authority!: LocalizedText;
}

@ApiTags('audit')
@Controller('removals')
export class RemovalsController {
  constructor(
    private readonly recorder: Recorder,
    private readonly register: Register,
    private readonly executor: RemovalExecutor,
    private readonly records: Records,
  ) {}

  @Writes('POST', '', removeValues, {
    says: 'Removes typed texts because the law demands it: withheld everywhere once it is answered, and destroyed. The record keeps that they were there, and who removed them why. `carriedOut` says whether nothing is left of them in any file; else it goes on by itself.',
    body: RemoveValuesBody,
    example: {
      values: [{ record: '{remarkRecord}', pointer: '/data/text/0/text' }],
      reason: exampleText('It tells of the health of a person'),
      authority: exampleText('Order 12/2026 of the data protection authority'),
    },
  })
  async remove(@Sent() sent: Sent, @Body() body: RemoveValuesBody) {
    const { role } = sent.request.principal;
    // Before anything is looked up: what records hold is nobody else's affair.
    if (role !== 'admin')
      throw new RefusalException(runnerRefusals['not-your-role'](`${removeValues.name} takes the role admin; this token has ${role}.`));
    const values: RemovedValue[] = [];
    for (const [index, text] of body.values.entries()) {
      const found = await findText(this.records, text, `values[${index}]`);
      if (isRefusal(found)) throw new RefusalException(found);
      values.push(found);
    }
    const recorded = await this.recorder.recordInLog(removeValues, sent, { ...body, values });
    const withheld = await this.executor.withhold();
    if (!withheld)
      throw new RefusalException(removalRefusals['removal-not-carried-out']('The register has not come so far yet.', { retryAfter: 2 }));
    return { ...recorded, carriedOut: await this.executor.cleared(CLEARED_WITHIN_MS) };
  }

  @Lists('', removalsList)
  list(@Asking() asking: Asking) {
    return this.register.list(removalsList, asking);
  }

  @Details(':removal', removals)
  detail(@Asking() asking: Asking, @Param('removal') id: string) {
    return this.register.detail(removals, asking, id);
  }
}
