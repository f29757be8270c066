import { Module } from '@nestjs/common';
import { MeetingPartsController, MeetingsController } from './meetings.http.js';
import { TableController, TablePartsController } from './table.http.js';

@Module({ controllers: [MeetingsController, MeetingPartsController, TableController, TablePartsController] })
export class MeetingsModule {}
