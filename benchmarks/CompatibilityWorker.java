// Queries, a JSON string a line, to results, a JSON line each, over Apache Jena in memory.
// Called by compatibility.py: java -cp JARS CompatibilityWorker.java GRAPH.nq
// The default graph is the union of the named graphs, as Fuseki's tdb2:unionDefaultGraph makes it.

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.apache.jena.atlas.json.JSON;
import org.apache.jena.atlas.json.JsonBuilder;
import org.apache.jena.query.ARQ;
import org.apache.jena.query.Dataset;
import org.apache.jena.query.DatasetFactory;
import org.apache.jena.query.Query;
import org.apache.jena.query.QueryExecution;
import org.apache.jena.query.QueryExecutionFactory;
import org.apache.jena.query.QueryFactory;
import org.apache.jena.query.ResultSetFormatter;
import org.apache.jena.rdf.model.ModelFactory;
import org.apache.jena.riot.RDFDataMgr;

public class CompatibilityWorker {
  static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);

  public static void main(String[] arguments) throws Exception {
    Dataset named = DatasetFactory.createGeneral();
    RDFDataMgr.read(named, arguments[0]);
    Dataset dataset = DatasetFactory.create(
        ModelFactory.createDefaultModel().add(named.getUnionModel()));
    named.listNames().forEachRemaining(n -> dataset.addNamedModel(n, named.getNamedModel(n)));
    OUT.println("{\"ready\": \"Apache Jena " + ARQ.VERSION + "\"}");
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      OUT.println(answer(dataset, JSON.parse("{\"query\": " + line + "}").get("query")
          .getAsString().value()));
    }
  }

  static String answer(Dataset dataset, String text) {
    long begun = System.nanoTime();
    try {
      Query query = QueryFactory.create(text);
      try (QueryExecution run = QueryExecutionFactory.create(query, dataset)) {
        var bytes = new ByteArrayOutputStream();
        if (query.isAskType()) {
          ResultSetFormatter.outputAsJSON(bytes, run.execAsk());
        } else {
          ResultSetFormatter.outputAsJSON(bytes, run.execSelect());
        }
        String results = bytes.toString(StandardCharsets.UTF_8).replace("\n", " ");
        double seconds = (System.nanoTime() - begun) / 1e9;
        return "{\"seconds\": " + seconds + ", \"results\": " + results + "}";
      }
    } catch (Exception error) {
      String told = error.getClass().getSimpleName() + ": " + error.getMessage();
      return JSON.toStringFlat(JsonBuilder.create().startObject("e").key("error").value(told)
          .finishObject("e").build());
    }
  }
}
