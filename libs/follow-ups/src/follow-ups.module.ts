import { Module } from '@nestjs/common';
import { FollowUpsController } from './follow-ups.http.js';

@Module({ controllers: [FollowUpsController] })
export class FollowUpsModule {}
