package dev.quittance.contracts;

/// An event of ours of a type that this version doesn't know. A newer version does: the record is
/// neither to be passed over nor to be dead-lettered, but to be left to it.
public final class NewerEvent extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final String type;

  /// @param type the whole type name
  public NewerEvent(String type) {
    super("a type of a newer version");
    this.type = type;
  }

  /// The whole type name.
  public String type() {
    return type;
  }
}
