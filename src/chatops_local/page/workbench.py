"""An app on a local cloud, with people who type commands into it: everything that the page shows and does."""

from __future__ import annotations

import itertools
import threading
import time
from typing import TYPE_CHECKING

from chatops_local.page.board import Board
from chatops_local.page.click_run import ClickRun
from chatops_local.page.command_run import CommandRun
from chatops_local.page.commands import Command, app_name, commands_of
from chatops_local.page.construct_paths import ConstructPaths
from chatops_local.page.conversation import Conversation
from chatops_local.page.listeners import Listener, listeners_in
from chatops_local.page.mention_run import MentionRun
from chatops_local.page.mentions import Mentionable, mentionable_in, mentioned_in
from chatops_local.page.message_run import MessageRun
from chatops_local.page.people import People, person_as_json
from chatops_local.page.run import LATE_SECONDS
from chatops_local.page.schedules import schedule_as_json
from chatops_local.slack import mrkdwn

if TYPE_CHECKING:
    from pathlib import Path

    from chatops_local.app import Assembly
    from chatops_local.cloud import LocalCloud
    from chatops_local.page.board import Entry
    from chatops_local.page.run import Run
    from chatops_local.slack import Control, Message

MAX_TEXT = 12_000
"""What Slack's message field takes: https://slack.com/help/articles/201457107-Send-and-read-messages."""

_LOOK_SECONDS = 0.15
_LOOK_AT_INSTANCES_SECONDS = 1.0


class Workbench:
    """Start it with `start`, after `deploy`; `stop` ends the watching, not the cloud.

    Attributes:
        board: What the page shows.
        people: Who one can be, and where one can write.
        commands: The slash commands that are deployed.
        mentionable: The apps that are, and that take mentions.
    """

    def __init__(self, app: Path, cloud: LocalCloud, stage: str | None = None) -> None:
        """Prepare for an app; nothing is deployed yet.

        Args:
            app: The folder of a CDK app, or its cdk.out.
            cloud: Where it runs.
            stage: Which stage of the app. Default: everything.
        """
        self._stage = stage
        self.board = Board()
        self.people = People(cloud.slack.workspace.people)
        self.commands: list[Command] = []
        self.mentionable: list[Mentionable] = []
        self._listeners: list[Listener] = []
        self._app = app
        self._cloud = cloud
        self._paths = ConstructPaths()
        self._stacks: list[str] = []
        self._conversation = Conversation(self.board, self.people)
        self._runs: list[Run] = []
        self._numbers = itertools.count(1)
        self._decided = 0
        self._notes = 0
        self._looked_at_instances = 0.0
        self._blind = False
        self._deploying = threading.Lock()
        self._stopping = threading.Event()
        self._watching = threading.Thread(target=self._watch, daemon=True, name="workbench")

    def deploy(self, assembly: Assembly | None = None) -> None:
        """Deploy the app, or what has changed in it.

        Args:
            assembly: What it, or the stage of it, has been synthesised to. Default: it is synthesised now.
        """
        if assembly is None:
            stacks = self._cloud.deploy_all(self._app, stage=self._stage)
        else:
            stacks = self._cloud.deploy_all(assembly)
        self._stacks = [stack.name for stack in stacks]
        self._paths = ConstructPaths(stacks)
        self.commands = commands_of(stacks, self._cloud.server)
        self.mentionable = mentionable_in(stacks)
        self._listeners = listeners_in(stacks)
        for command in self.commands:
            self.people.know(command.named)
        self._show_app("running")

    def redeploy(self) -> bool:
        """Deploy again, without waiting; false if that is under way already."""
        if not self._deploying.acquire(blocking=False):
            return False
        self._show_app("deploying")
        threading.Thread(target=self._redeploy, daemon=True, name="redeploy").start()
        return True

    def start(self) -> None:
        """Watch what happens."""
        self._watching.start()

    def stop(self) -> None:
        """Watch no more."""
        self._stopping.set()
        self.board.close()
        if self._watching.is_alive():
            self._watching.join()

    def type(self, user: str, channel: str, text: str, thread: str | None = None) -> None:
        """Send what `user` has typed in `channel`: a slash command, a mention of an app, or a message.

        Args:
            user: Who.
            channel: Where.
            text: What.
            thread: The `ts` of the message in whose thread it was typed. Default: in none.

        Raises:
            ValueError: There is no such person or conversation, or nothing was typed, or too much.
        """
        self._require_place(user, channel)
        if not text.strip() or len(text) > MAX_TEXT:
            raise ValueError(f"text of {len(text)} characters: 1 to {MAX_TEXT} are expected")
        # https://docs.slack.dev/reference/events/app_mention: in direct messages a mention is a message as any other.
        direct = self.people.channels[channel].person is not None
        mentioned = None if direct else mentioned_in(text, self.mentionable)
        if mentioned is not None:
            self._start(MentionRun(next(self._numbers), text, user, channel, thread, *mentioned))
        elif text.startswith("/"):
            self._type_command(user, channel, text, thread)
        else:
            said = self._cloud.slack.say(mrkdwn.escaped(text), user=user, channel=channel, thread=thread)
            for listener in self._listeners:
                if listener.hears(channel):
                    self._start(MessageRun(next(self._numbers), text, said, listener))

    def _type_command(self, user: str, channel: str, text: str, thread: str | None) -> None:
        slash = text.partition(" ")[0]
        if thread is not None:
            # https://docs.slack.dev/interactivity/implementing-slash-commands: they do not work in threads.
            self._conversation.tell(user, channel, f"`{slash}` is not supported in threads. Sorry!")
            return
        command = next((each for each in reversed(self.commands) if each.slash == slash), None)
        # https://docs.slack.dev/apis/slack-connect: commands of an app are for the members of its workspace.
        if command is None or self.people.persons[user].team_id:
            self._conversation.tell(user, channel, f"`{slash}` is not a valid command.")
            return
        self._start(CommandRun(next(self._numbers), text, user, channel, command))

    def tick(self, schedule: str) -> None:
        """Fire a schedule now, as due next, without waiting for what comes of it.

        Args:
            schedule: Its ARN.

        Raises:
            NoSuchScheduleError: There is no such schedule.
            ValueError: It is never due again.
        """
        self._cloud.tick(schedule, force=True)
        self._show_schedules()

    def click(self, user: str, ts: str, block_id: str, action_id: str) -> str:
        """Let `user` click on a button of a message; what Slack says is wrong if the app does not take it in time.

        Raises:
            ValueError: There is no such person, message or button, or the person does not see it.
        """
        message, control = self._control(user, ts, block_id, action_id)
        run = ClickRun(next(self._numbers), message, control, user, self._app_name(message))
        run.send(self._cloud).join(LATE_SECONDS)
        self._runs.append(run)
        self._show(run)
        return run.error

    def choose(self, user: str, ts: str, block_id: str, action_id: str, values: list[str]) -> str:
        """Let `user` choose in a menu of a message; what is wrong if the app does not take it in time.

        Raises:
            ValueError: There is no such person, message, menu or option, or the person does not see it.
        """
        message, menu = self._control(user, ts, block_id, action_id)
        sent = self._cloud.slack.select(message, menu, values, user=user)
        key = " ".join((user, ts, block_id, action_id))
        self.board.put("choice", key, {"values": values}, channel=message.channel, only=user)
        return sent.ack.error or "" if sent else ""

    def set_member(self, group: str, person: str, *, member: bool) -> None:
        """Let somebody join a user group, or leave it.

        Raises:
            ValueError: There is no such person or group.
        """
        self.people.set_member(group, person, member=member)
        self._show_people()

    def add_channel(self, name: str) -> str:
        """Add a channel; its id.

        Raises:
            ValueError: The name is none.
        """
        channel = self.people.add_channel(name)
        self._show_people()
        return channel.id

    def set_online(self, instance: str, *, online: bool) -> None:
        """Connect an instance's agent or cut it off.

        Raises:
            NoSuchInstanceError: There is no such instance.
        """
        self._cloud.set_online(instance, online)
        self._show_instances()

    def sees(self, person: str, entry: Entry) -> bool:
        """Whether `person` sees an entry of the board."""
        return self.people.sees(person, entry.channel, entry.only)

    def look(self) -> None:
        """Look at everything once."""
        cloud = self._cloud
        decisions = cloud.server.decisions(self._decided)
        if decisions:
            self._decided = decisions[-1].number
        for run in [run for run in self._runs if not run.settled]:
            run.refresh(cloud, self._paths, decisions)
            self._show(run)
        self._conversation.show_messages(cloud.slack.all_versions, self._apps(), self._runs)
        self._show_people()
        for number, note in list(enumerate(cloud.slack.notes))[self._notes :]:
            self.board.put("note", str(number), {"text": note, "at": time.time()})
            self._notes = number + 1
        if time.monotonic() - self._looked_at_instances > _LOOK_AT_INSTANCES_SECONDS:
            self._show_instances()

    def _start(self, run: CommandRun | MentionRun | MessageRun) -> None:
        self._runs.append(run)
        self._show(run)
        run.send(self._cloud)

    def _apps(self) -> dict[str, str]:
        """The names of the apps by their ids."""
        return {each.app.app_id: app_name(each.name) for each in self._cloud.slack.workspace.endpoints}

    def _watch(self) -> None:
        while not self._stopping.wait(_LOOK_SECONDS):
            self._look_or_complain()

    def _look_or_complain(self) -> None:
        try:
            self.look()
            if self._blind:
                self._blind = False
                self._show_app("running")
        except Exception as error:  # noqa: BLE001 - the page has to say what it can no longer see
            if not self._stopping.is_set():
                self._blind = True
                self._show_app("blind", f"the local cloud does not answer: {type(error).__name__}: {error}")

    def _redeploy(self) -> None:
        try:
            self.deploy()
        except Exception as error:  # noqa: BLE001 - whatever went wrong, the page has to show it
            self._show_app("failed", str(error))
        finally:
            self._deploying.release()

    def _require_place(self, user: str, channel: str) -> None:
        if user not in self.people.persons:
            raise ValueError(f"user {user!r}: there is nobody of that id")
        if channel not in self.people.channels or not self.people.sees(user, channel, None):
            raise ValueError(f"channel {channel!r}: {self.people.persons[user].name} is in no such conversation")

    def _control(self, user: str, ts: str, block_id: str, action_id: str) -> tuple[Message, Control]:
        """The message and its control, if `user` sees it."""
        message = next((each for each in self._cloud.slack.messages if each.ts == ts), None)
        if message is None:
            raise ValueError(f"message {ts!r}: there is none, or no longer")
        self._require_place(user, message.channel)
        for control in message.controls:
            if (control.block_id, control.action_id) == (block_id, action_id):
                return message, control
        raise ValueError(f"control {action_id!r}: the message has no such control any more")

    def _app_name(self, message: Message) -> str:
        return self._apps().get(message.app_id, "app")

    def _show(self, run: Run) -> None:
        if isinstance(run, CommandRun):
            self._conversation.show_command(run)
        self.board.put("run", run.key, run.as_json())

    def _show_app(self, status: str, problem: str = "") -> None:
        value = {"name": ", ".join(self._stacks), "folder": str(self._app), "status": status, "problem": problem}
        self.board.put("app", "app", value)
        typed = [*(each.as_json() for each in self.commands), *(each.as_json() for each in self.mentionable)]
        self.board.put("commands", "commands", {"all": typed})
        for endpoint in self._cloud.slack.workspace.endpoints:
            self.board.put("bot", endpoint.app.bot_user_id, {"name": self._apps()[endpoint.app.app_id]})
        self._show_schedules()
        self._show_people()

    def _show_schedules(self) -> None:
        for schedule in self._cloud.schedules:
            self.board.put("schedule", schedule.arn, schedule_as_json(schedule))

    def _show_people(self) -> None:
        for person in list(self.people.persons.values()):
            self.board.put("person", person.id, person_as_json(person))
        for channel in list(self.people.channels.values()):
            self.board.put("channel", channel.id, channel.as_json(), channel=channel.id, only=channel.person)
        for group, users in self.people.groups.items():
            self.board.put("group", group, {"users": users})

    def _show_instances(self) -> None:
        self._looked_at_instances = time.monotonic()
        for each in self._cloud.server.instances():
            tags = {key: value for key, value in each.tags.items() if key != "Name"}
            value = {"id": each.instance_id, "tags": tags, "online": each.online}
            self.board.put("instance", each.name, value)
