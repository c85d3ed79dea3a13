package dev.quittance.contracts;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.ParamTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/// What the Javadoc says about a record and its components: so that schemas, AsyncAPI and code have
/// one description.
final class Docs {

  private static final Path SOURCES = Path.of("src/main/java/dev/quittance/contracts");

  /// A reference to code: what a reader of a schema gets is its last word.
  private static final Pattern REFERENCE =
      Pattern.compile("\\{@link ([\\w.]*)#?(\\w*)(?:\\(\\))?}");

  private static final Docs OURS = read();

  private final Map<String, String> texts = new HashMap<>();

  private Docs() {}

  /// Of a record, enum or interface.
  static Optional<String> of(Class<?> type) {
    return Optional.ofNullable(OURS.texts.get(name(type)));
  }

  /// Of a record's component.
  static Optional<String> of(Class<?> type, String component) {
    return Optional.ofNullable(OURS.texts.get(name(type) + "." + component));
  }

  /// With the types around it: several have a nested one of the same name.
  private static String name(Class<?> type) {
    return type.getName().substring(type.getPackageName().length() + 1).replace('$', '.');
  }

  private static Docs read() {
    var docs = new Docs();
    var compiler = ToolProvider.getSystemJavaCompiler();
    try (var files = compiler.getStandardFileManager(null, null, null);
        Stream<Path> sources = Files.list(SOURCES)) {
      var units = files.getJavaFileObjectsFromPaths(sources.sorted().toList());
      var task =
          (JavacTask) compiler.getTask(null, files, null, List.of("-proc:none"), null, units);
      var trees = DocTrees.instance(task);
      for (var unit : task.parse()) {
        docs.new Scanner(trees).scan(unit, null);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return docs;
  }

  private final class Scanner extends TreePathScanner<@Nullable Void, @Nullable Void> {
    private final DocTrees trees;

    Scanner(DocTrees trees) {
      this.trees = trees;
    }

    @Override
    public @Nullable Void visitClass(ClassTree type, @Nullable Void nothing) {
      DocCommentTree doc = trees.getDocCommentTree(getCurrentPath());
      if (doc != null) {
        String name = name(getCurrentPath());
        texts.put(name, text(doc.getFullBody()));
        for (DocTree tag : doc.getBlockTags()) {
          if (tag instanceof ParamTree part) {
            texts.put(name + "." + part.getName(), text(part.getDescription()));
          }
        }
      }
      return super.visitClass(type, null);
    }

    @Override
    public @Nullable Void visitVariable(VariableTree constant, @Nullable Void nothing) {
      DocCommentTree doc = trees.getDocCommentTree(getCurrentPath());
      if (doc != null
          && getCurrentPath().getParentPath().getLeaf() instanceof ClassTree type
          && type.getKind() == Tree.Kind.ENUM) {
        texts.put(
            name(getCurrentPath().getParentPath()) + "." + constant.getName(),
            text(doc.getFullBody()));
      }
      return super.visitVariable(constant, null);
    }

    private static String name(TreePath type) {
      var name = new StringJoiner(".");
      nested(type, name);
      return name.toString();
    }

    private static void nested(TreePath path, StringJoiner name) {
      if (path.getLeaf() instanceof ClassTree type) {
        nested(path.getParentPath(), name);
        name.add(type.getSimpleName());
      }
    }
  }

  /// Of an enum's constant.
  static Optional<String> of(Enum<?> constant) {
    return of(constant.getDeclaringClass(), constant.name());
  }

  private static String text(List<? extends DocTree> parts) {
    String markdown = parts.stream().map(DocTree::toString).collect(Collectors.joining());
    return REFERENCE
        .matcher(markdown.replaceAll("\\s+", " ").strip())
        .replaceAll(reference -> word(reference));
  }

  private static String word(MatchResult reference) {
    String type = reference.group(1);
    String member = reference.group(2);
    if (type.equals("Topic")) {
      return "`" + Topic.valueOf(member).topicName() + "`";
    }
    return "`" + (member.isEmpty() ? type : member) + "`";
  }
}
