package dev.quittance.launcher;

import picocli.CommandLine.Command;

/// Has a provider send its events here.
@Command(
    name = "connect",
    mixinStandardHelpOptions = true,
    description = "Have a provider send its events here.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./quittance connect stripe",
      "  ./quittance connect stripe --webhook-url https://pay.example.com/webhooks/stripe"
    },
    subcommands = ConnectStripeCommand.class)
final class ConnectCommand extends CommandGroup {}
