import { Module } from '@nestjs/common';
import { AgendaController, AgendaItemsController } from './agenda.http.js';
import { AttendanceController, AttendancePartsController } from './attendance.http.js';
import { MeetingsController } from './meetings.http.js';
import { ProceedingPartsController, ProceedingsController } from './proceedings.http.js';
import { RemarkPartsController, RemarksController } from './remarks.http.js';
import { SittingPartsController, SittingsController } from './sittings.http.js';

@Module({
  controllers: [
    MeetingsController,
    SittingsController,
    SittingPartsController,
    AgendaController,
    AgendaItemsController,
    AttendanceController,
    AttendancePartsController,
    RemarksController,
    RemarkPartsController,
    ProceedingsController,
    ProceedingPartsController,
  ],
})
export class MeetingsModule {}
