package dev.quittance.localstack;

/// Where a database is and how to get in.
public record DatabaseAddress(String jdbcUrl, String user, String password) {

  @Override
  public String toString() {
    return "DatabaseAddress[" + jdbcUrl + ", " + user + "]";
  }
}
