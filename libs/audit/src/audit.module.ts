import { Module } from '@nestjs/common';
import { AccessController } from './access/access.http.js';
import { ExceptionsController, RecordsController } from './audit.http.js';
import { ChangesController } from './changes.http.js';
import { DeskController } from './desk.http.js';
import { RemovalsController } from './removals.http.js';
import { ReplayController } from './replay.http.js';

@Module({
  controllers: [
    RecordsController,
    ChangesController,
    ReplayController,
    ExceptionsController,
    DeskController,
    RemovalsController,
    AccessController,
  ],
})
export class AuditModule {}
