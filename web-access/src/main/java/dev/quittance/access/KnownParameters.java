package dev.quittance.access;

import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ResourceInfo;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/// Refuses what the address of a call says that changes something, where nobody would read it as it
/// is meant: a parameter that is misspelled, that comes twice, or that is neither `true` nor
/// `false`. What was to be a trial, or for one endpoint, would be done, and for all. Whoever only
/// looks may say what they like.
public final class KnownParameters {

  private static final List<String> FLAGS = List.of("true", "false");

  /// For those who may: [AccessFilter] goes before.
  ///
  /// @throws RefusedRequest with 400
  @ServerRequestFilter(priority = Priorities.AUTHORIZATION)
  public void check(ContainerRequestContext request, ResourceInfo asked) {
    Map<String, List<String>> said = request.getUriInfo().getQueryParameters();
    if (said.isEmpty() || AccessFilter.isLooking(request)) {
      return;
    }
    Map<String, Class<?>> known = known(asked.getResourceMethod());
    said.forEach((name, values) -> {
      Class<?> type = known.get(name);
      if (type == null) {
        throw Problem.badRequest(
            known.isEmpty()
                ? "This call has no parameters."
                : "This call has no other parameters than "
                    + String.join(", ", known.keySet())
                    + ".");
      }
      if (values.size() > 1) {
        throw Problem.badRequest(name + " is said once.");
      }
      if (values.getFirst().indexOf('\u0000') >= 0) {
        // no database has it in a text
        throw Problem.badRequest(name + " has no NUL.");
      }
      if (type == boolean.class && !FLAGS.contains(values.getFirst())) {
        throw Problem.badRequest(name + " is true or false.");
      }
      if (type == int.class && isNoNumber(values.getFirst())) {
        throw Problem.badRequest(name + " is a number.");
      }
    });
  }

  /// Those that a call reads, and as what.
  private static Map<String, Class<?>> known(Method call) {
    var known = new TreeMap<String, Class<?>>();
    for (Parameter parameter : call.getParameters()) {
      if (parameter.isAnnotationPresent(BeanParam.class)) {
        throw new IllegalStateException(call + " changes something, and hides what it reads");
      }
      QueryParam query = parameter.getAnnotation(QueryParam.class);
      if (query != null) {
        known.put(query.value(), parameter.getType());
      }
    }
    return known;
  }

  private static boolean isNoNumber(String text) {
    try {
      var _ = Integer.parseInt(text);
      return false;
    } catch (NumberFormatException _) {
      return true;
    }
  }
}
