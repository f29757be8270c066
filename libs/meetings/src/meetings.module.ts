import { Module } from '@nestjs/common';
import { AttendanceController, AttendancePartsController } from './attendance.http.js';
import { MeetingPartsController, MeetingsController } from './meetings.http.js';
import { TableController, TablePartsController } from './table.http.js';

@Module({
  controllers: [
    MeetingsController,
    MeetingPartsController,
    AttendanceController,
    AttendancePartsController,
    TableController,
    TablePartsController,
  ],
})
export class MeetingsModule {}
