// What commands are compared with: a POST that is authenticated, read and validated as a remark is, goes over the CommandBus, and
// stores nothing.
import { Body, Controller, Module, Post } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Command, CommandBus, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { CommandBody, PartyDto, Part, Texts } from '#http';
import type { LocalizedText } from '#kernel';

/** The fields of a remark. */
class NoOpBody extends CommandBody {
  @Part(() => PartyDto, { says: 'Who spoke.' })
  speaker!: PartyDto;

  @Texts({ says: 'What was said.', long: true })
  text!: LocalizedText;
}

class DoNothing extends Command<number> {
  constructor(readonly text: LocalizedText) {
    super();
  }
}

@CommandHandler(DoNothing)
class DoNothingHandler implements ICommandHandler<DoNothing> {
  execute({ text }: DoNothing): Promise<number> {
    return Promise.resolve(text.length);
  }
}

@ApiExcludeController()
@Controller('bench/no-op')
class NoOpController {
  constructor(private readonly bus: CommandBus) {}

  @Post()
  async post(@Body() body: NoOpBody): Promise<{ texts: number }> {
    return { texts: await this.bus.execute(new DoNothing(body.text)) };
  }
}

@Module({ controllers: [NoOpController], providers: [DoNothingHandler] })
export class NoOpModule {}
