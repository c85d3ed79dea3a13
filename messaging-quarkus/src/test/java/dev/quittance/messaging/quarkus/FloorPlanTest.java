package dev.quittance.messaging.quarkus;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;

/// What this library may know: messaging, and the framework that it makes beans of.
@AnalyzeClasses(
    packages = "dev.quittance.messaging.quarkus",
    importOptions = ImportOption.DoNotIncludeTests.class)
class FloorPlanTest {

  @ArchTest
  static final ArchRule knowsMessagingAndNoServiceAndNoHttp =
      classes()
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "dev.quittance.contracts..",
              "dev.quittance.messaging..",
              "io.micrometer..",
              "io.quarkus.runtime..",
              "io.smallrye.common..",
              "io.smallrye.health..",
              "io.smallrye.mutiny..",
              "io.smallrye.reactive..",
              "jakarta..",
              "java..",
              "javax.sql..",
              "org.eclipse.microprofile..",
              "org.jspecify..",
              "org.slf4j..");

  /// Without an index Quarkus finds none of the beans, and says nothing.
  @Test
  void theBeansAreIndexed() throws IOException {
    try (InputStream index = Intakes.class.getResourceAsStream("/META-INF/jandex.idx")) {
      assertThat(index).isNotNull();
    }
  }
}
